#include "access/access.h"

#include <utility>

#include "access/field_text.h"
#include "log/log.h"
#include "tls/contexts.h"

namespace prombraid::access {

namespace {

void tell_renewal(const Result<void>& renewed) {
  if (renewed.has_error()) {
    log::warn("the TLS files for replicas have changed and don't fit; the ones before are used",
              {{"error", renewed.error().what}});
  } else {
    log::info("the TLS files for replicas have changed and are used from now on");
  }
}

void replace_all(std::string& text, const std::string& what) {
  // Shorter ones would hide half of the text and protect nothing.
  constexpr std::size_t shortest = 4;
  if (what.size() < shortest) return;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at)) {
    text.replace(at, what.size(), "<secret>");
    at += 8;
  }
}

}  // namespace

Access::Access(Options options, std::shared_ptr<const Token> token)
    : options_(std::move(options)),
      sends_headers_(options_.basic_auth || options_.authorization || options_.oauth2 ||
                     !options_.http_headers.empty()),
      token_(std::move(token)),
      context_(
          tls::files_of(options_.tls), [tls = options_.tls] { return tls::client_context(tls); },
          tell_renewal) {
  if (options_.basic_auth) {
    username_ = SecretReader(options_.basic_auth->username);
    password_ = SecretReader(options_.basic_auth->password);
  }
  if (options_.authorization) credentials_ = SecretReader(options_.authorization->credentials);
  for (const ExtraHeader& header : options_.http_headers) {
    Header read{header.name, {}};
    for (const Credential& value : header.values) read.values.emplace_back(value);
    headers_.push_back(std::move(read));
  }
}

Result<void> Access::check() {
  if (auto context = context_.now(); context.has_error()) {
    return std::move(context).error().in("tls_config");
  }
  if (token_) return {};
  auto lines = header_lines();
  if (lines.has_error()) return std::move(lines).error();
  return {};
}

Result<std::string> Access::header_lines() {
  std::string lines;
  auto value = authorization();
  if (value.has_error()) return value;
  if (!value->empty()) lines += "Authorization: " + *value + "\r\n";
  for (Header& header : headers_) {
    for (SecretReader& reader : header.values) {
      auto text = reader.now();
      if (text.has_error()) return std::move(text).error().in("http_headers: " + header.name);
      lines += header.name + ": " + *text + "\r\n";
    }
  }
  return lines;
}

Result<std::string> Access::authorization() {
  if (options_.basic_auth) return basic();
  if (options_.authorization) {
    auto credentials = credentials_.now();
    if (credentials.has_error()) {
      return std::move(credentials).error().in("authorization: credentials_file");
    }
    return options_.authorization->type + " " + *credentials;
  }
  if (!token_) return std::string();
  if (auto header = token_->header(Token::Clock::now())) return *std::move(header);
  const std::string problem = token_->problem();
  return Error(ErrorKind::unavailable,
               "oauth2: " + (problem.empty() ? "no token has come yet" : problem));
}

Result<std::string> Access::basic() {
  auto username = username_.now();
  if (username.has_error()) return std::move(username).error().in("basic_auth: username_file");
  auto password = password_.now();
  if (password.has_error()) return std::move(password).error().in("basic_auth: password_file");
  return "Basic " + base64(*username + ":" + *password);
}

bool Access::awaits_token() const {
  return token_ && !token_->header(Token::Clock::now()) && token_->problem().empty();
}

Result<tls::Ssl> Access::ssl(const std::string& host) {
  auto context = context_.now();
  if (context.has_error()) return std::move(context).error().in("tls_config");
  return tls::client_ssl(*context,
                         options_.tls.server_name.empty() ? host : options_.tls.server_name);
}

std::string Access::without_secrets(std::string text) {
  for (SecretReader* reader : {&password_, &credentials_}) {
    if (auto secret = reader->now(); !secret.has_error()) replace_all(text, *secret);
  }
  for (Header& header : headers_) {
    for (SecretReader& reader : header.values) {
      if (auto secret = reader.now(); !secret.has_error()) replace_all(text, *secret);
    }
  }
  if (auto value = authorization(); !value.has_error() && !value->empty()) {
    replace_all(text, value->substr(value->find(' ') + 1));
  }
  return text;
}

}  // namespace prombraid::access
