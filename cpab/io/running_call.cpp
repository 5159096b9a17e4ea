#include "cpab/io/running_call.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <thread>
#include <utility>

#include "cpab/io/child_registry.h"
#include "cpab/io/errno_text.h"
#include "cpab/io/executable_path.h"
#include "cpab/io/spawn.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::milliseconds termination_grace{200};
constexpr std::chrono::nanoseconds look_again = std::chrono::milliseconds{5};
constexpr std::chrono::nanoseconds refused_pause = std::chrono::milliseconds{10};

struct Pipe {
  UniqueFd read_end;
  UniqueFd write_end;
};

Pipe make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw ProcessError("pipe: " + errno_text(errno));
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

UniqueFd make_event() {
  UniqueFd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!event.valid()) throw ProcessError("eventfd: " + errno_text(errno));
  return event;
}

/// Hands on what is there, and closes the stream at its end.
template <typename Take>
void receive(UniqueFd& stream, Take take) {
  std::array<char, 65536> piece;  // NOLINT(cppcoreguidelines-pro-type-member-init): filled by read
  const ssize_t count = ::read(stream.value(), piece.data(), piece.size());
  if (count < 0 && errno == EINTR) return;
  if (count <= 0) return stream.reset();
  take(std::string_view(piece.data(), static_cast<std::size_t>(count)));
}

// What poll() takes: rounded up, so that it does not return just before the deadline.
int poll_timeout(std::chrono::nanoseconds time) {
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(time).count();
  return static_cast<int>(std::clamp<std::int64_t>(ms, 0, 3'600'000));
}

}  // namespace

RunningCall::RunningCall(const ProcessRequest& request, char* const* environment, CallMark mark,
                         Time deadline)
    : request_(request),
      environment_(environment),
      mark_(std::move(mark)),
      deadline_(deadline),
      unsent_(request.input) {}

RunningCall::~RunningCall() {
  if (leader_ == 0) return;
  // Only when run() threw half-way: out of memory, out of descriptors.
  ::kill(-leader_, SIGKILL);
  ::kill(leader_, SIGKILL);  // it may have joined another group
  release();
}

ProcessResult RunningCall::run() {
  const std::stop_token& stop = request_.budget.stop;
  if (stop.stop_possible()) stopping_ = make_event();
  const std::stop_callback notify(stop, [fd = stopping_.value()] { ::eventfd_write(fd, 1); });
  start();
  wait_until_finished();
  if (!exited_) {
    end_what_is_left(CallSweeper::Reach::everything);
  } else if (!result_.succeeded()) {
    end_what_is_left(CallSweeper::Reach::group);
  }
  release();
  if (no_memory_) std::rethrow_exception(no_memory_);
  result_.err = err_text_.text();
  result_.err_bytes = err_text_.total();
  return std::move(result_);
}

void RunningCall::start() {
  const std::string path = executable_path(request_.argv[0]);
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  in_ = std::move(in.write_end);
  out_ = std::move(out.read_end);
  err_ = std::move(err.read_end);
  // Only our end may not block; the program's end is another open file.
  ::fcntl(in_.value(), F_SETFL, O_NONBLOCK);
  feed();  // mostly all of it: a pipe takes 64 KiB before anybody reads
  leader_ = ChildRegistry::of_this_process().add([&] {
    return spawn({path, request_.argv, environment_, in.read_end.value(), out.write_end.value(),
                  err.write_end.value()});
  });
}

void RunningCall::wait_until_finished() {
  while (!has_finished() && !has_to_end()) {
    // Without a pidfd nothing tells of the exit.
    const bool has_to_look = !out_.valid() && !err_.valid() && !exit_.valid();
    const std::chrono::nanoseconds left = deadline_ - Steady::now();
    serve(has_to_look ? std::min(left, look_again) : left);
  }
}

bool RunningCall::has_to_end() {
  if (result_.overran || no_memory_) return true;
  result_.stopped = request_.budget.stop.stop_requested();
  result_.timed_out = !result_.stopped && Steady::now() >= deadline_;
  return result_.stopped || result_.timed_out;
}

// As the reference has it, a program is not done before both outputs are at their end: what runs on
// in the background and holds them belongs to the call.
bool RunningCall::has_finished() {
  if (result_.overran || no_memory_ || out_.valid() || err_.valid()) return false;
  look_for_exit();
  return exited_;
}

// Moves data for at most `longest`; returns as soon as something has happened.
void RunningCall::serve(std::chrono::nanoseconds longest) {
  std::array<pollfd, 5> fds{{{in_.value(), POLLOUT, 0},
                             {out_.value(), POLLIN, 0},
                             {err_.value(), POLLIN, 0},
                             {exit_.value(), POLLIN, 0},
                             {ending_ ? -1 : stopping_.value(), POLLIN, 0}}};
  const int ready = ::poll(fds.data(), fds.size(), poll_timeout(longest));
  // With a limit of fewer descriptors than these, poll() waits for nothing.
  if (ready < 0 && errno != EINTR) std::this_thread::sleep_for(std::min(longest, refused_pause));
  if (ready <= 0) return;
  if (fds[0].revents != 0) feed();
  if (fds[1].revents != 0) receive(out_, [this](std::string_view piece) { take_output(piece); });
  if (fds[2].revents != 0) receive(err_, [this](std::string_view piece) { err_text_.add(piece); });
}

void RunningCall::feed() {
  while (!unsent_.empty()) {
    const ssize_t count = ::write(in_.value(), unsent_.data(), unsent_.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return;
    if (count < 0) break;  // nobody reads it any more, which is fine
    unsent_.remove_prefix(static_cast<std::size_t>(count));
  }
  in_.reset();
}

void RunningCall::take_output(std::string_view piece) {
  const std::size_t room = request_.max_output_bytes - result_.out.size();
  keep(result_.out, piece.substr(0, room));
  result_.overran |= piece.size() > room;
}

/// What there is no memory for ends the call; its last words are dropped.
void RunningCall::keep(std::string& text, std::string_view piece) {
  if (no_memory_) return;
  try {
    append_counted(request_.memory, text, piece);
  } catch (const std::bad_alloc&) {
    no_memory_ = std::current_exception();
  }
}

// Leaves the program unreaped, so that its number and its group stay its own until release().
void RunningCall::look_for_exit() {
  siginfo_t info{};
  const int found = ::waitid(P_PID, static_cast<id_t>(leader_), &info, WEXITED | WNOHANG | WNOWAIT);
  exited_ = found == 0 && info.si_pid == leader_;
  if (!exited_) {
    if (!exit_.valid()) exit_ = open_pidfd(leader_);
    return;
  }
  exit_.reset();
  result_.exit_code = info.si_code == CLD_EXITED ? info.si_status : 0;
  result_.signal = info.si_code == CLD_EXITED ? 0 : info.si_status;
  result_.core_dumped = info.si_code == CLD_DUMPED;
}

void RunningCall::end_what_is_left(CallSweeper::Reach reach) {
  in_.reset();
  exit_.reset();
  ending_ = true;
  CallSweeper sweeper(leader_, mark_, reach);
  if (exited_ && !sweeper.anything_left()) return;
  sweeper.terminate();
  // Last words are listened to, and a full pipe keeps nobody from ending.
  const Time end_of_grace = Steady::now() + termination_grace;
  std::chrono::milliseconds pause{1};
  while (sweeper.anything_left() && Steady::now() < end_of_grace) {
    serve(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds{16});
  }
  result_.killed = sweeper.anything_left();
  sweeper.kill();
  serve(std::chrono::nanoseconds::zero());
}

void RunningCall::release() {
  ChildRegistry& children = ChildRegistry::of_this_process();
  const pid_t leader = std::exchange(leader_, 0);
  // In this order: once reaped, its number may be given to a new child.
  children.remove(leader);
  ::waitpid(leader, nullptr, WNOHANG);
  children.reap_orphans();
}

}  // namespace cpab
