// What others have written, as text that cannot play with its reader.

// The table of cpab/model/printable.cpp, but for line breaks and tabs. A test compares them.
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

const spelled = (character) => {
  const code = character.codePointAt(0);
  const short = code < 0x20 || code === 0x7f;
  return short ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** The text with control characters, those that change the direction of writing, and others that nobody sees spelled out. */
export const printable = (text) => `${text}`.replace(unprintable, spelled);
