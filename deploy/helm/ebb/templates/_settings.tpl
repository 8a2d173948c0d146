{{- /* additionalConfigMap's EBB_SECTION_KEY as Ebb's file, each as its kind: what JSON calls a text and a list of them,
TOML does as well. Dremio's charts take variables by name only, and a file whole. */}}
{{- define "ebb.settings" -}}
{{- $keys := include "ebb.keys" . | fromYaml }}{{ $sections := dict }}
{{- range list (include "ebb.grace" . | fromYaml) (include "ebb.credentials" . | fromYaml) .Values.additionalConfigMap }}
{{- range $name, $value := . }}
{{- $said := include "ebb.text" $value | trim }}
{{- with and $said (get $keys $name) }}
{{- if eq .kind "text" }}{{ $said = toJson $said }}
{{- else if eq .kind "list" }}{{ $said = regexSplit "\\s*,\\s*" $said -1 | toJson }}
{{- else if eq .kind "numbers" }}{{ $said = printf "[%s]" $said }}
{{- end }}
{{- $_ := set $sections .section (set (get $sections .section | default dict) .key $said) }}
{{- end }}
{{- end }}
{{- end }}
{{- range $section, $keys := $sections -}}
[{{ $section }}]
{{- range $key, $said := $keys }}
{{ $key }} = {{ $said }}
{{- end }}

{{ end }}
{{- end }}

{{- /* What is said where additionalConfigMap says no other. */}}
{{- define "ebb.grace" -}}
EBB_DRAIN_GRACE: {{ int .Values.executor.terminationGracePeriodSeconds }}s
{{- end }}

{{- /* Files of the Secret: a login's are read together, so that an account is replaced whole. */}}
{{- define "ebb.credentials" -}}
{{- if or (eq .Values.existingSecretHolds "token") (.Values.secrets | default dict).DREMIO_TOKEN -}}
EBB_DREMIO_TOKEN_FILE: /etc/ebb/secret/DREMIO_TOKEN
{{- else -}}
EBB_DREMIO_USER_FILE: /etc/ebb/secret/DREMIO_USER
EBB_DREMIO_PASSWORD_FILE: /etc/ebb/secret/DREMIO_PASSWORD
{{- end }}
{{- end }}
