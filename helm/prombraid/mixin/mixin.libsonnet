// The same files for those who build their monitoring with jsonnet.
{
  _config+:: {
    // Where runbooks are served; the alerts' names are its anchors.
    runbookURL: 'docs/runbooks.md',
  },
  prometheusRules+:: std.parseYaml(importstr 'rules.yaml'),
  prometheusAlerts+:: std.parseYaml(
    std.strReplace(importstr 'alerts.yaml', 'docs/runbooks.md', $._config.runbookURL)
  ),
  grafanaDashboards+:: {
    'prombraid.json': import 'dashboard.json',
  },
}
