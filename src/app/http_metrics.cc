#include "app/http_metrics.h"

#include <string>

namespace prombraid::app {

namespace {

using server::ServerCounters;
using Servers = std::span<const ServerCounters* const>;

struct Shown {
  const char* name;
  const char* help;
  ServerCounters::Cell ServerCounters::* cell;
};

constexpr Shown shown[] = {
    {"http_connections_accepted_total", "Connections that clients made.",
     &ServerCounters::accepted},
    {"http_accept_errors_total", "Connections that could not be accepted, for want of descriptors.",
     &ServerCounters::accept_errors},
    {"http_accept_pauses_total", "Times when --web.max-connections were open and none was idle.",
     &ServerCounters::accept_pauses},
    {"http_idle_closed_total", "Connections closed because they were idle for too long.",
     &ServerCounters::idle_closed},
    {"http_evicted_total", "Idle connections closed to make room for new ones.",
     &ServerCounters::evicted},
    {"http_clients_gone_total", "Clients that left while they were answered.",
     &ServerCounters::clients_gone},
    {"http_answers_aborted_total", "Answers broken off by a reset.", &ServerCounters::aborted},
    {"http_write_timeouts_total", "Answers broken off as the client took nothing for too long.",
     &ServerCounters::write_timeouts},
    {"http_tls_handshake_failures_total", "TLS handshakes of clients that failed.",
     &ServerCounters::tls_failures},
    {"http_route_failures_total", "Requests that failed by a fault of this program.",
     &ServerCounters::route_failures},
    {"http_received_bytes_total", "Bytes of requests.", &ServerCounters::bytes_in},
    {"http_sent_bytes_total", "Bytes of answers.", &ServerCounters::bytes_out},
};

template <class F>
double sum(Servers servers, F value_of) {
  double total = 0;
  for (const ServerCounters* server : servers) total += static_cast<double>(value_of(*server));
  return total;
}

}  // namespace

void show_http(metrics::Families& out, Servers servers) {
  out.gauge("http_connections", "Connections of clients that are open now.");
  out.add(sum(servers, [](const ServerCounters& c) { return c.connections.load(); }));
  for (const Shown& s : shown) {
    out.counter(s.name, s.help);
    out.add(sum(servers, [&s](const ServerCounters& c) { return (c.*s.cell).load(); }));
  }
  out.counter("http_refused_total", "Requests refused before anything looked at them, by reason.");
  for (std::size_t i = 0; i < static_cast<std::size_t>(server::Refusal::count_); ++i) {
    const auto reason = static_cast<server::Refusal>(i);
    out.add(sum(servers, [reason](const ServerCounters& c) { return c.refusals(reason); }),
            {{"reason", name_of(reason)}});
  }
}

}  // namespace prombraid::app
