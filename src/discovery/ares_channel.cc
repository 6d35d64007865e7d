#include "discovery/ares_channel.h"

#include <chrono>
#include <map>
#include <utility>

#include <ares.h>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

namespace prombraid::discovery {
namespace {

namespace asio = boost::asio;
using asio::posix::descriptor_base;
using boost::system::error_code;

constexpr int edns_size = 1232;  // never fragmented: DNS flag day 2020

/// Waits on one of the channel's descriptors. Handlers of waits hold it, so that they find out that
/// the descriptor is gone even when its number is already in use again.
struct Watch {
  Watch(asio::io_context& io, int number) : fd(number), descriptor(io) {
    error_code ignored;  // unwatched, its lookups run into their time-outs
    descriptor.assign(number, ignored);
  }

  int fd;
  asio::posix::stream_descriptor descriptor;
  bool wants_read = false;
  bool wants_write = false;
  bool waits_read = false;
  bool waits_write = false;
  bool gone = false;
};

struct Search {
  RecordType type;
  AresChannel::Done done;
};

Answer answer_of(int status, std::span<const std::uint8_t> reply, RecordType type) {
  Answer answer;
  switch (status) {
    case ARES_SUCCESS:
      return read_answer(reply, type);
    case ARES_ENODATA:
      answer.kind = Answer::Kind::no_records;
      answer.text = std::string("no ") + name_of(type) + " records";
      return answer;
    case ARES_ENOTFOUND:
      answer.kind = Answer::Kind::no_such_name;
      answer.text = "no such name (NXDOMAIN)";
      return answer;
    case ARES_ETIMEOUT:
      return Answer::failure("timeout", "no DNS server answered in time");
    case ARES_ECONNREFUSED:  // 1.18 says so of SERVFAIL and REFUSED as well
    case ARES_ESERVFAIL:
    case ARES_EREFUSED:
    case ARES_ENOTIMP:
    case ARES_EFORMERR:
      return Answer::failure("server",
                             "every DNS server failed (SERVFAIL, REFUSED or not listening)");
    case ARES_EBADRESP:
      return Answer::failure("malformed", "a reply that is not valid DNS");
    case ARES_EBADNAME:
      return Answer::failure("bad_name", "no name that DNS can be asked for");
    case ARES_EDESTRUCTION:
      return Answer::failure("restarted", "given up with the servers asked; asking anew");
    default:
      return Answer::failure("internal", std::string("c-ares: ") + ares_strerror(status));
  }
}

class Channel final : public AresChannel, public std::enable_shared_from_this<Channel> {
 public:
  explicit Channel(asio::io_context& io) : io_(io), timer_(io) {}
  ~Channel() override {
    if (channel_ != nullptr) ares_destroy(channel_);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  int open(const CaresOptions& options, const std::string& resolv_conf);
  void search(const std::string& name, RecordType type, Done done) override;

 private:
  static void on_state(void* self, ares_socket_t fd, int read, int write);
  static void on_end(void* search, int status, int timeouts, unsigned char* reply, int size);
  void wait(const std::shared_ptr<Watch>& watch);
  void process(ares_socket_t read, ares_socket_t write);
  void arm_timer();

  asio::io_context& io_;
  asio::steady_timer timer_;
  std::map<int, std::shared_ptr<Watch>> watches_;
  ares_channel channel_ = nullptr;
};

int Channel::open(const CaresOptions& options, const std::string& resolv_conf) {
  std::string path = resolv_conf;
  ares_options wanted{};
  wanted.flags = ARES_FLAG_NOALIASES | ARES_FLAG_EDNS;
  wanted.ednspsz = edns_size;
  wanted.timeout = static_cast<int>(options.timeout.count());
  wanted.tries = options.tries;
  wanted.sock_state_cb = &Channel::on_state;
  wanted.sock_state_cb_data = this;
  wanted.resolvconf_path = path.data();
  const int status =
      ares_init_options(&channel_, &wanted,
                        ARES_OPT_FLAGS | ARES_OPT_EDNSPSZ | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
                            ARES_OPT_SOCK_STATE_CB | ARES_OPT_RESOLVCONF);
  if (status != ARES_SUCCESS) {
    channel_ = nullptr;
    return status;
  }
  if (options.servers.empty()) return ARES_SUCCESS;
  std::string servers;
  for (const std::string& server : options.servers) {
    servers += servers.empty() ? server : "," + server;
  }
  return ares_set_servers_ports_csv(channel_, servers.c_str());
}

void Channel::search(const std::string& name, RecordType type, Done done) {
  constexpr int class_in = 1;
  auto* search = new Search{type, std::move(done)};  // deleted in on_end, which always comes
  ares_search(channel_, name.c_str(), class_in, static_cast<int>(type), &Channel::on_end, search);
  arm_timer();
}

void Channel::on_end(void* argument, int status, int, unsigned char* reply, int size) {
  const std::unique_ptr<Search> search(static_cast<Search*>(argument));
  const std::size_t length = reply == nullptr || size < 0 ? 0 : static_cast<std::size_t>(size);
  search->done(answer_of(status, {reply, length}, search->type));
}

void Channel::on_state(void* self, ares_socket_t fd, int read, int write) {
  auto& channel = *static_cast<Channel*>(self);
  const auto found = channel.watches_.find(fd);
  if (read == 0 && write == 0) {
    if (found == channel.watches_.end()) return;
    found->second->gone = true;
    found->second->descriptor.release();
    channel.watches_.erase(found);
    return;
  }
  std::shared_ptr<Watch> watch =
      found != channel.watches_.end() ? found->second : std::make_shared<Watch>(channel.io_, fd);
  channel.watches_[fd] = watch;
  watch->wants_read = read != 0;
  watch->wants_write = write != 0;
  channel.wait(watch);
}

void Channel::wait(const std::shared_ptr<Watch>& watch) {
  if (watch->gone) return;
  const std::weak_ptr<Channel> weak = weak_from_this();
  if (watch->wants_read && !watch->waits_read) {
    watch->waits_read = true;
    watch->descriptor.async_wait(descriptor_base::wait_read, [weak, watch](error_code error) {
      watch->waits_read = false;
      const std::shared_ptr<Channel> self = weak.lock();
      if (!self || error || watch->gone) return;
      self->process(watch->fd, ARES_SOCKET_BAD);
      self->wait(watch);
    });
  }
  if (watch->wants_write && !watch->waits_write) {
    watch->waits_write = true;
    watch->descriptor.async_wait(descriptor_base::wait_write, [weak, watch](error_code error) {
      watch->waits_write = false;
      const std::shared_ptr<Channel> self = weak.lock();
      if (!self || error || watch->gone) return;
      if (watch->wants_write) self->process(ARES_SOCKET_BAD, watch->fd);
      self->wait(watch);
    });
  }
}

void Channel::process(ares_socket_t read, ares_socket_t write) {
  ares_process_fd(channel_, read, write);
  arm_timer();
}

void Channel::arm_timer() {
  timeval space{};
  const timeval* next = ares_timeout(channel_, nullptr, &space);
  if (next == nullptr) {
    timer_.cancel();
    return;
  }
  // It cuts to milliseconds: without one more, a lookup a microsecond short of its time-out is
  // found not expired yet, again and again, and the loop spins.
  timer_.expires_after(std::chrono::seconds(next->tv_sec) +
                       std::chrono::microseconds(next->tv_usec) + std::chrono::milliseconds(1));
  timer_.async_wait([weak = weak_from_this()](error_code error) {
    const std::shared_ptr<Channel> self = weak.lock();
    if (self && !error) self->process(ARES_SOCKET_BAD, ARES_SOCKET_BAD);
  });
}

}  // namespace

Result<std::shared_ptr<AresChannel>> AresChannel::open(asio::io_context& io,
                                                       const CaresOptions& options) {
  static const int library = ares_library_init(ARES_LIB_INIT_ALL);
  int status = library;
  // The second path is the answer to a resolv.conf that can't be read: as if it were not there.
  for (const std::string& path : {options.resolv_conf, std::string("/dev/null")}) {
    if (library != ARES_SUCCESS) break;
    auto channel = std::make_shared<Channel>(io);
    status = channel->open(options, path);
    if (status == ARES_SUCCESS) return std::shared_ptr<AresChannel>(std::move(channel));
  }
  return Error(ErrorKind::unavailable, std::string("starting DNS: ") + ares_strerror(status));
}

}  // namespace prombraid::discovery
