{{- define "prombraid.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "prombraid.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "prombraid.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "prombraid.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "prombraid.namespace" -}}
{{- default .Release.Namespace .Values.namespaceOverride }}
{{- end }}

{{- define "prombraid.selectorLabels" -}}
app.kubernetes.io/name: {{ include "prombraid.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "prombraid.labels" -}}
{{ include "prombraid.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end }}

{{- /* The metadata of an object: (dict "all" . "suffix" "" "namespace" "" "labels" dict "annotations" dict). */}}
{{- define "prombraid.metadata" -}}
metadata:
  name: {{ include "prombraid.fullname" .all }}{{ .suffix }}
  namespace: {{ .namespace | default (include "prombraid.namespace" .all) }}
  labels:
    {{- include "prombraid.labels" .all | nindent 4 }}
    {{- with .labels }}
    {{- toYaml . | nindent 4 }}
    {{- end }}
  {{- with merge (dict) (.annotations | default dict) .all.Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end }}

{{- define "prombraid.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- default (include "prombraid.fullname" .) .Values.serviceAccount.name }}
{{- else }}
{{- default "default" .Values.serviceAccount.name }}
{{- end }}
{{- end }}

{{- define "prombraid.image" -}}
{{- with .Values.global.imageRegistry | default .Values.image.registry }}{{ . }}/{{ end }}
{{- .Values.image.repository }}
{{- if .Values.image.digest }}@{{ .Values.image.digest }}
{{- else }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end }}
{{- end }}

{{- define "prombraid.affinity" -}}
{{- if .Values.affinity }}
{{- toYaml .Values.affinity }}
{{- else if ne .Values.podAntiAffinity "none" }}
{{- $term := dict "topologyKey" "kubernetes.io/hostname" "labelSelector" (dict "matchLabels" (include "prombraid.selectorLabels" . | fromYaml)) }}
podAntiAffinity:
  {{- if eq .Values.podAntiAffinity "hard" }}
  requiredDuringSchedulingIgnoredDuringExecution:
    {{- list $term | toYaml | nindent 4 }}
  {{- else }}
  preferredDuringSchedulingIgnoredDuringExecution:
    {{- list (dict "weight" 100 "podAffinityTerm" $term) | toYaml | nindent 4 }}
  {{- end }}
{{- end }}
{{- end }}

{{- define "prombraid.isDeployment" -}}
{{- if eq .Values.mode "deployment" }}yes{{ end }}
{{- end }}

{{- /* Where the configuration file is: a volume's source, or nothing. */}}
{{- define "prombraid.configSource" -}}
{{- $secret := .Values.existingSecret }}
{{- $map := .Values.existingConfigMap }}
{{- if $secret.name }}
secret: {secretName: {{ $secret.name }}, items: [{key: {{ $secret.key }}, path: prombraid.yaml}]}
{{- else if $map.name }}
configMap: {name: {{ $map.name }}, items: [{key: {{ $map.key }}, path: prombraid.yaml}]}
{{- else if and .Values.config .Values.configAsSecret }}
secret: {secretName: {{ include "prombraid.fullname" . }}-config}
{{- else if .Values.config }}
configMap: {name: {{ include "prombraid.fullname" . }}-config}
{{- end }}
{{- end }}

{{- define "prombraid.scheme" -}}
{{- ternary "https" "http" (and (ne .Values.webConfig.existingSecret "") .Values.webConfig.tls) }}
{{- end }}

{{- define "prombraid.url" -}}
{{- printf "%s://%s.%s.svc:%v" (include "prombraid.scheme" .) (include "prombraid.fullname" .) (include "prombraid.namespace" .) .Values.service.port }}
{{- end }}

{{- /* A probe that gets past TLS, and past logins by asking nothing: (dict "all" . "probe" map). */}}
{{- define "prombraid.probe" -}}
{{- $web := .all.Values.webConfig }}
{{- $probe := deepCopy .probe }}
{{- if and $probe.httpGet $web.existingSecret $web.guarded }}
{{- $probe = merge (dict "tcpSocket" (dict "port" $probe.httpGet.port)) (omit $probe "httpGet") }}
{{- else if and $probe.httpGet $web.existingSecret $web.tls }}
{{- $_ := set $probe.httpGet "scheme" "HTTPS" }}
{{- end }}
{{- toYaml $probe }}
{{- end }}

{{- define "prombraid.ownConfig" -}}
{{- if and .Values.config (not .Values.existingSecret.name) (not .Values.existingConfigMap.name) }}yes{{ end }}
{{- end }}
