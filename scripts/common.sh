# Sourced by the scripts beside it: where things are, and how progress is told.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
# The Go that scripts/install fetches where the system's is older than go_least, or missing.
# shellcheck disable=SC2034
go_version=1.26.8
go_least=1.26
go_home=$root/.cache/go

# True where the `go` that is found first is new enough.
go_is_new_enough() {
  local have
  have=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return 1
  [ "$(printf '%s\n%s\n' "$go_least" "${have#go}" | sort -V | head -n 1)" = "$go_least" ]
}

if ! go_is_new_enough && [ -x "$go_home/bin/go" ]; then
  PATH=$go_home/bin:$PATH
fi

say() { printf '%s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

# quietly LOG COMMAND...: the output goes to LOG, and its end to stderr where the command fails.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  local code=0
  "$@" >"$log" 2>&1 || code=$?
  [ $code -ne 0 ] || return 0
  {
    printf 'failed (%s): %s\n' "$code" "$*"
    tail -n 40 "$log"
    printf 'all of it: %s\n' "$log"
  } >&2
  return "$code"
}
