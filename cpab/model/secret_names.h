#pragma once

#include <string_view>

namespace cpab {

/// What is a secret can only be guessed. These guess by the name of a value and by its looks, and
/// all that shows or forwards values asks them.

/// Whether a value of this name is a secret as a rule: `X-Api-Key`, `--db-password`, `AUTH_TOKEN`,
/// `dbPass`. It is none where the name tells that it only leads there or counts: `--token-file`,
/// `secretName`, `max_tokens`.
bool names_secret(std::string_view name);

/// Whether a header of this name carries credentials, and so goes to nobody but whom it was meant
/// for: `Authorization`, `Cookie`, `X-Api-Key`, `X-Session-Id`.
bool is_credential_header(std::string_view name);

/// Whether `value` has credentials behind their scheme, whatever it is called: `Bearer abc`.
bool carries_credentials(std::string_view value);

/// Whether the letters and digits of `word` look like chance has put them together, as those of
/// tokens and keys: 16 and more without a break, three letters and two digits among them.
bool looks_random(std::string_view word);

/// Whether `value`, which nothing is known about, could be a token or password: six and more
/// letters and digits, of both kinds, and marks that occur in such.
bool looks_like_credential(std::string_view value);

}  // namespace cpab
