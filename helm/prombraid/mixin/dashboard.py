#!/usr/bin/env python3
"""Prints dashboard.json: rows of panels, each a title, a unit and what it asks."""

import json

CHOSEN = 'cluster=~"$cluster",namespace=~"$namespace",job=~"$job",instance=~"$instance"'
WIDTH, HEIGHT = 24, 8


def rate(name, by="", **where):
    """Summed per-second rate of a counter; `where` are matchers written out, as {"type": '=~"a"'}."""
    return f"sum by ({by}) (rate({series(name, **where)}[$__rate_interval]))"


def series(name, **where):
    extra = "".join(f",{label}{matcher}" for label, matcher in where.items())
    return f"{name}{{{CHOSEN}{extra}}}"


def quantile(q, name, by=""):
    whole = ", ".join(filter(None, [by, "le"]))
    return f"histogram_quantile({q}, {rate(name + '_bucket', whole)})"


def share(part, whole):
    """A part of the whole, nothing where there is no whole."""
    return f"{part} / ({whole} > 0)"


READS = rate("prombraid_reads_total")
FAILED = rate("prombraid_reads_total", outcome='=~"unavailable|aborted|internal|loop"')
REPLICA_READS = rate("prombraid_replica_requests_total", "replica")
REPLICA_FAILED = rate("prombraid_replica_failures_total", "replica", reason='!="cancelled"')

ROWS = {
    "Overview": [
        ("Instances", "stat", "none", {"": f"count({series('prombraid_build_info')})"}),
        ("Builds", "table", "none", {"": f"count by (version, revision) ({series('prombraid_build_info')})"}),
        ("Replicas that answer", "stat", "none", {
            "": f"count(max by (replica) ({series('prombraid_replica_up')}) == 1)"}),
        ("Reads that fail", "stat", "percentunit", {"": share(FAILED, READS)}),
    ],
    "Reads": [
        ("Reads by outcome", "timeseries", "reqps", {"{{outcome}}": rate("prombraid_reads_total", "outcome")}),
        ("Share of failed reads", "timeseries", "percentunit", {"failed": share(FAILED, READS)}),
        ("Duration", "timeseries", "s", {
            "p50": quantile(0.5, "prombraid_read_duration_seconds"),
            "p90": quantile(0.9, "prombraid_read_duration_seconds"),
            "p99": quantile(0.99, "prombraid_read_duration_seconds")}),
        ("Durations", "heatmap", "s", {"{{le}}": rate("prombraid_read_duration_seconds_bucket", "le")}),
        ("In flight, waiting, most", "timeseries", "none", {
            "in flight": f"sum({series('prombraid_reads_in_flight')})",
            "waiting": f"sum({series('prombraid_reads_queued')})",
            "most": f"sum({series('prombraid_reads_max')})"}),
        ("Ended or refused by a limit", "timeseries", "reqps", {
            "limit: {{limit}}": rate("prombraid_limit_hits_total", "limit") + " > 0",
            "request: {{reason}}": rate("prombraid_http_refused_total", "reason") + " > 0"}),
    ],
    "Replicas": [
        ("Replicas", "table", "none", {"": f"min by (instance, replica) ({series('prombraid_replica_up')})"}),
        ("Reads of replicas", "timeseries", "reqps", {"{{replica}}": REPLICA_READS}),
        ("Share of failed reads by replica", "timeseries", "percentunit", {
            "{{replica}}": share(REPLICA_FAILED, REPLICA_READS)}),
        ("Failures by reason", "timeseries", "reqps", {
            "{{replica}}: {{reason}}": rate("prombraid_replica_failures_total", "replica, reason") + " > 0"}),
        ("First byte, p99", "timeseries", "s", {
            "{{replica}}": quantile(0.99, "prombraid_replica_first_byte_seconds", "replica")}),
        ("Bytes in and out", "timeseries", "Bps", {
            "from {{replica}}": rate("prombraid_replica_received_bytes_total", "replica"),
            "to clients": rate("prombraid_http_sent_bytes_total")}),
        ("Lookups of names", "timeseries", "reqps", {
            "{{name}}": rate("prombraid_dns_lookups_total", "name"),
            "{{name}} failed: {{reason}}": rate("prombraid_dns_failures_total", "name, reason") + " > 0"}),
        ("Known addresses", "timeseries", "none", {
            "{{name}}": f"max by (name) ({series('prombraid_dns_addresses')})",
            "expected": f"max({series('prombraid_replicas_expected')})"}),
        ("Age of what names said", "timeseries", "s", {
            "{{name}}": f"time() - min by (name) ({series('prombraid_dns_last_success_timestamp_seconds')})"}),
    ],
    "Merge": [
        ("Series", "timeseries", "cps", {
            "in": rate("prombraid_series_in_total"), "out": rate("prombraid_series_out_total")}),
        ("Samples", "timeseries", "cps", {
            "in": rate("prombraid_samples_in_total"), "out": rate("prombraid_samples_out_total")}),
        ("Samples in for one out", "timeseries", "none", {
            "": share(rate("prombraid_samples_in_total"), rate("prombraid_samples_out_total"))}),
        ("Share of samples that fill gaps", "timeseries", "percentunit", {
            "filled": share(rate("prombraid_samples_filled_total"), rate("prombraid_samples_out_total"))}),
        ("Chunks", "timeseries", "cps", {
            "as they came": rate("prombraid_chunks_passed_total"),
            "encoded anew": rate("prombraid_chunks_rewritten_total")}),
        ("Answers without a replica", "timeseries", "reqps", {
            "{{reason}}": rate("prombraid_partial_responses_total", "reason")}),
        ("Circles cut", "timeseries", "reqps", {"": rate("prombraid_loops_detected_total")}),
    ],
    "Sets and configuration": [
        ("Replicas of each set", "timeseries", "none", {
            "{{set}} up": f"min by (set) ({series('prombraid_set_replicas_up')})",
            "{{set}} expected": f"max by (set) ({series('prombraid_set_replicas_expected')})"}),
        ("Series that several sets have", "timeseries", "cps", {"": rate("prombraid_series_joined_total")}),
        ("Addresses with several servers behind", "timeseries", "none", {
            "{{replica}}": f"max by (replica) ({series('prombraid_replica_ambiguous')})"}),
        ("Last reload was good", "table", "none", {
            "": f"min by (instance) ({series('prombraid_config_last_reload_successful')})"}),
        ("Age of the configuration", "timeseries", "s", {
            "{{instance}}": f"time() - {series('prombraid_config_last_reload_success_timestamp_seconds')}"}),
        ("TLS handshakes that failed", "timeseries", "reqps", {
            "": rate("prombraid_http_tls_handshake_failures_total")}),
        ("Certificates end in", "timeseries", "s", {
            "{{instance}}: {{use}} {{set}}": f"min by (instance, use, set) ({series('prombraid_tls_certificate_expiry_timestamp_seconds')}) - time()"}),
        ("Spans of traces", "timeseries", "cps", {
            "sent": rate("prombraid_trace_spans_exported_total"),
            "dropped: {{reason}}": rate("prombraid_trace_spans_dropped_total", "reason")}),
        ("Clients cut or gone", "timeseries", "reqps", {
            "answers cut": rate("prombraid_http_answers_aborted_total"),
            "clients gone": rate("prombraid_http_clients_gone_total"),
            "too slow to read": rate("prombraid_http_write_timeouts_total"),
            "idle, for others": rate("prombraid_http_evicted_total")}),
        ("Requests by route", "timeseries", "reqps", {
            "{{handler}}: {{code}}": rate("prombraid_http_requests_total", "handler, code")}),
    ],
    "Process": [
        ("Memory", "timeseries", "bytes", {
            "{{instance}}": f"{series('process_resident_memory_bytes')} and on (job, instance) prombraid_build_info",
            "reads may hold": f"max({series('prombraid_buffer_limit_bytes')})"}),
        ("CPU", "timeseries", "none", {
            "{{instance}}": f"rate({series('process_cpu_seconds_total')}[$__rate_interval])"
            " and on (job, instance) prombraid_build_info"}),
        ("Connections of clients", "timeseries", "none", {
            "{{instance}}": series("prombraid_http_connections")}),
        ("Descriptors and threads", "timeseries", "none", {
            "{{instance}}": f"{series('process_open_fds')} and on (job, instance) prombraid_build_info",
            "{{instance}} threads": f"{series('process_threads')} and on (job, instance) prombraid_build_info"}),
        ("Up for", "timeseries", "s", {
            "{{instance}}": f"time() - {series('process_start_time_seconds')}"
            " and on (job, instance) prombraid_build_info"}),
    ],
}


def source():
    return {"type": "prometheus", "uid": "$datasource"}


def target(letter, kind, legend, expr):
    asked = {"datasource": source(), "refId": letter, "expr": expr, "legendFormat": legend or "__auto"}
    if kind in ("stat", "table"):
        asked["instant"] = True
    if kind in ("table", "heatmap"):
        asked["format"] = kind
    return asked


def panel(number, place, title, kind, unit, asked):
    custom = {"fillOpacity": 10, "showPoints": "never"} if kind == "timeseries" else {}
    return {
        "id": number, "title": title, "type": kind, "datasource": source(), "gridPos": place,
        "fieldConfig": {"defaults": {"unit": unit, "min": 0, "custom": custom}, "overrides": []},
        "options": {"tooltip": {"mode": "multi", "sort": "desc"}} if kind == "timeseries" else {},
        "targets": [target(chr(ord("A") + i), kind, *pair) for i, pair in enumerate(asked.items())],
    }


def panels():
    made, y = [], 0
    for row, cells in ROWS.items():
        place = {"x": 0, "y": y, "w": WIDTH, "h": 1}
        made.append({"id": len(made) + 1, "title": row, "type": "row", "gridPos": place, "panels": []})
        y += 1
        across = 4 if row == "Overview" else 3
        for i, cell in enumerate(cells):
            place = {"x": i % across * (WIDTH // across), "y": y + i // across * HEIGHT,
                     "w": WIDTH // across, "h": HEIGHT}
            made.append(panel(len(made) + 1, place, *cell))
        y += -(-len(cells) // across) * HEIGHT
    return made


def chooser(name, above):
    narrowed = ",".join(f'{label}=~"${label}"' for label in above)
    return {
        "name": name, "type": "query", "datasource": source(), "refresh": 2, "sort": 1,
        "query": f"label_values(prombraid_build_info{{{narrowed}}}, {name})",
        # A label that nothing has is matched by the empty value.
        "multi": True, "includeAll": True, "allValue": ".*",
        "current": {"text": "All", "value": "$__all"},
    }


def dashboard():
    labels = ["cluster", "namespace", "job", "instance"]
    choosers = [chooser(name, labels[:i]) for i, name in enumerate(labels)]
    return {
        "uid": "prombraid-overview", "title": "Prombraid", "tags": ["prombraid-mixin"],
        "schemaVersion": 39, "version": 1, "editable": True, "timezone": "utc", "refresh": "30s",
        "graphTooltip": 1, "time": {"from": "now-6h", "to": "now"},
        "templating": {"list": [
            {"name": "datasource", "type": "datasource", "query": "prometheus", "label": "Data source"},
            *choosers]},
        "annotations": {"list": []}, "links": [], "panels": panels(),
    }


if __name__ == "__main__":
    print(json.dumps(dashboard(), indent=1))
