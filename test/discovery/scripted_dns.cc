#include "scripted_dns.h"

#include <array>
#include <chrono>
#include <random>
#include <utility>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace prombraid::discovery::testing {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::ip::udp;
using boost::system::error_code;

Query read_query(const std::uint8_t* bytes, std::size_t size, bool tcp) {
  Query query;
  query.tcp = tcp;
  if (size < 17) return query;
  query.id = static_cast<unsigned>(bytes[0]) << 8 | bytes[1];
  std::size_t at = 12;
  while (at < size && bytes[at] != 0) {
    if (!query.name.empty()) query.name += '.';
    for (std::size_t i = 1; i <= bytes[at] && at + i < size; ++i) {
      query.name += static_cast<char>(bytes[at + i]);
    }
    at += bytes[at] + std::size_t{1};
  }
  if (at + 2 < size) query.type = static_cast<RecordType>(bytes[at + 1] << 8 | bytes[at + 2]);
  return query;
}

struct Connection {
  explicit Connection(tcp::socket s) : socket(std::move(s)) {}
  tcp::socket socket;
  std::array<std::uint8_t, 2> size{};
  Message message;
};

/// Of 127.0.0.0/8 by chance: on 127.0.0.1 the port that is free for UDP is at times another's for
/// TCP.
asio::ip::address own_address() {
  return asio::ip::address_v4(0x7f010000U | (std::random_device()() & 0xffff00U) | 53U);
}

}  // namespace

struct ScriptedDns::State : std::enable_shared_from_this<State> {
  State(asio::io_context& io, Script s)
      : script(std::move(s)),
        datagrams(io, udp::endpoint(own_address(), 0)),
        listener(io, tcp::endpoint(datagrams.local_endpoint().address(),
                                   datagrams.local_endpoint().port())) {}

  void receive() {
    datagrams.async_receive_from(
        asio::buffer(buffer), from, [self = shared_from_this()](error_code error, std::size_t n) {
          if (error) return;
          for (const Message& reply : self->answer(self->buffer.data(), n, false)) {
            error_code ignored;
            self->datagrams.send_to(asio::buffer(reply), self->from, 0, ignored);
          }
          self->receive();
        });
  }

  void accept() {
    listener.async_accept([self = shared_from_this()](error_code error, tcp::socket socket) {
      if (error) return;
      self->read(std::make_shared<Connection>(std::move(socket)));
      self->accept();
    });
  }

  void read(const std::shared_ptr<Connection>& c) {
    asio::async_read(c->socket, asio::buffer(c->size),
                     [self = shared_from_this(), c](error_code error, std::size_t) {
                       if (error) return;
                       c->message.resize(static_cast<std::size_t>(c->size[0] << 8 | c->size[1]));
                       asio::async_read(c->socket, asio::buffer(c->message),
                                        [self, c](error_code failed, std::size_t) {
                                          if (!failed) self->answer_on(c);
                                        });
                     });
  }

  void answer_on(const std::shared_ptr<Connection>& c) {
    Message out;
    for (const Message& reply : answer(c->message.data(), c->message.size(), true)) {
      put16(out, static_cast<unsigned>(reply.size()));
      out.insert(out.end(), reply.begin(), reply.end());
    }
    error_code ignored;
    asio::write(c->socket, asio::buffer(out), ignored);
    read(c);
  }

  std::vector<Message> answer(const std::uint8_t* bytes, std::size_t size, bool tcp) {
    queries.push_back(read_query(bytes, size, tcp));
    return script(queries.back());
  }

  Script script;
  udp::socket datagrams;
  tcp::acceptor listener;
  udp::endpoint from;
  std::array<std::uint8_t, 1500> buffer{};
  std::vector<Query> queries;
};

ScriptedDns::ScriptedDns(asio::io_context& io, Script script)
    : state_(std::make_shared<State>(io, std::move(script))) {
  state_->receive();
  state_->accept();
}

ScriptedDns::~ScriptedDns() {
  state_->datagrams.close();
  state_->listener.close();
}

std::string ScriptedDns::address() const {
  const udp::endpoint at = state_->datagrams.local_endpoint();
  return at.address().to_string() + ":" + std::to_string(at.port());
}

void ScriptedDns::set(Script script) {
  state_->script = std::move(script);
}

const std::vector<Query>& ScriptedDns::queries() const {
  return state_->queries;
}

void ScriptedDns::forget() {
  state_->queries.clear();
}

bool run_until(asio::io_context& io, const std::function<bool()>& done, int seconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  while (!done()) {
    if (std::chrono::steady_clock::now() > end) return false;
    if (io.stopped()) io.restart();
    io.run_one_for(std::chrono::milliseconds(20));
  }
  return true;
}

}  // namespace prombraid::discovery::testing
