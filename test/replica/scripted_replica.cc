#include "replica/scripted_replica.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace prombraid::test {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// The length of the whole request that `bytes` begins with; 0 while it is not all there.
std::size_t request_length(const std::string& bytes) {
  const std::size_t head = bytes.find("\r\n\r\n");
  if (head == std::string::npos) return 0;
  const std::size_t field = bytes.find("Content-Length: ");
  std::size_t length = head + 4;
  if (field < head) length += std::strtoul(bytes.c_str() + field + 16, nullptr, 10);
  return bytes.size() < length ? 0 : length;
}

}  // namespace

struct ScriptedReplica::State {
  State(const asio::any_io_executor& executor, std::vector<Script> all, const std::string& ip)
      : scripts(std::move(all)), acceptor(executor, {asio::ip::make_address(ip), 0}) {}

  std::vector<Script> scripts;
  tcp::acceptor acceptor;
  std::vector<std::weak_ptr<tcp::socket>> open;
  std::vector<std::string> requests;
  std::size_t connections = 0;
  std::size_t left = 0;
  std::size_t sent = 0;
};

namespace {

using Socket = std::shared_ptr<tcp::socket>;

template <class State>
asio::awaitable<bool> take_request(std::shared_ptr<State> state, Socket socket,
                                   std::string& pending) {
  char buffer[4096];
  std::size_t length = 0;
  while ((length = request_length(pending)) == 0) {
    const auto [problem, size] = co_await socket->async_read_some(asio::buffer(buffer), as_result);
    if (problem) co_return false;
    pending.append(buffer, size);
  }
  state->requests.push_back(pending.substr(0, length));
  pending.erase(0, length);
  co_return true;
}

template <class State>
asio::awaitable<bool> send_all(std::shared_ptr<State> state, Socket socket,
                               std::string_view bytes) {
  while (!bytes.empty()) {
    const auto [problem, size] =
        co_await socket->async_write_some(asio::buffer(bytes.data(), bytes.size()), as_result);
    if (problem) co_return false;
    state->sent += size;
    bytes.remove_prefix(size);
  }
  co_return true;
}

asio::awaitable<void> wait(Socket socket, std::chrono::milliseconds time) {
  asio::steady_timer timer(socket->get_executor(), time);
  co_await timer.async_wait(as_result);
}

template <class State>
asio::awaitable<bool> send_slowly(std::shared_ptr<State> state, Socket socket, const Step& step) {
  for (std::size_t at = 0; at < step.bytes.size(); at += step.piece) {
    const auto piece = std::string_view(step.bytes).substr(at, step.piece);
    const bool well = co_await send_all(state, socket, piece);
    if (!well) co_return false;
    co_await wait(socket, step.time);
  }
  co_return true;
}

void end(tcp::socket& socket, bool with_reset) {
  boost::system::error_code ignored;
  if (with_reset) socket.set_option(asio::socket_base::linger(true, 0), ignored);
  socket.close(ignored);
}

template <class State>
asio::awaitable<bool> take_step(std::shared_ptr<State> state, Socket socket, const Step& step,
                                std::string& pending) {
  boost::system::error_code ignored;
  switch (step.kind) {
    case Step::Kind::read_request:
      co_return co_await take_request(state, socket, pending);
    case Step::Kind::send:
      co_return co_await send_all(state, socket, step.bytes);
    case Step::Kind::trickle:
      co_return co_await send_slowly(state, socket, step);
    case Step::Kind::stall:
      co_await wait(socket, step.time);
      co_return true;
    case Step::Kind::shutdown:
      socket->shutdown(tcp::socket::shutdown_send, ignored);
      co_return true;
    case Step::Kind::reset:
    case Step::Kind::close:
      end(*socket, step.kind == Step::Kind::reset);
      co_return false;
  }
  co_return false;
}

template <class State>
asio::awaitable<void> follow(std::shared_ptr<State> state, Socket socket, Script script) {
  std::string pending;
  for (const Step& step : script) {
    const bool well = co_await take_step(state, socket, step, pending);
    if (!well) co_return;
  }
  char byte = 0;
  co_await socket->async_read_some(asio::buffer(&byte, 1), as_result);
  ++state->left;
}

template <class State>
asio::awaitable<void> accept_all(std::shared_ptr<State> state) {
  for (;;) {
    auto [problem, accepted] = co_await state->acceptor.async_accept(as_result);
    if (problem) co_return;
    auto socket = std::make_shared<tcp::socket>(std::move(accepted));
    socket->set_option(tcp::no_delay(true));
    const std::size_t which = std::min(state->connections++, state->scripts.size() - 1);
    state->open.push_back(socket);
    asio::co_spawn(socket->get_executor(), follow(state, socket, state->scripts[which]),
                   asio::detached);
  }
}

}  // namespace

Step read_request() {
  return {Step::Kind::read_request, {}, 1, {}};
}
Step send(std::string bytes) {
  return {Step::Kind::send, std::move(bytes), 1, {}};
}
Step trickle(std::string bytes, std::size_t piece, std::chrono::milliseconds every) {
  return {Step::Kind::trickle, std::move(bytes), piece, every};
}
Step stall(std::chrono::milliseconds time) {
  return {Step::Kind::stall, {}, 1, time};
}
Step shutdown_send() {
  return {Step::Kind::shutdown, {}, 1, {}};
}
Step reset() {
  return {Step::Kind::reset, {}, 1, {}};
}
Step close() {
  return {Step::Kind::close, {}, 1, {}};
}
Script answering(std::string answer) {
  return {read_request(), send(std::move(answer))};
}

ScriptedReplica::ScriptedReplica(asio::any_io_executor executor, std::vector<Script> scripts,
                                 std::string ip)
    : state_(std::make_shared<State>(executor, std::move(scripts), ip)) {
  asio::co_spawn(executor, accept_all(state_), asio::detached);
}

ScriptedReplica::~ScriptedReplica() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& weak : state_->open) {
    if (const auto socket = weak.lock()) socket->close(ignored);
  }
}

discovery::Endpoint ScriptedReplica::endpoint() const {
  const auto local = state_->acceptor.local_endpoint();
  discovery::Endpoint endpoint;
  endpoint.host = "scripted.test";
  endpoint.ip = local.address().to_string();
  endpoint.port = local.port();
  endpoint.path = "/api/v1/read";
  return endpoint;
}

const std::vector<std::string>& ScriptedReplica::requests() const {
  return state_->requests;
}
std::size_t ScriptedReplica::connections() const {
  return state_->connections;
}
std::size_t ScriptedReplica::left() const {
  return state_->left;
}
std::size_t ScriptedReplica::sent() const {
  return state_->sent;
}

}  // namespace prombraid::test
