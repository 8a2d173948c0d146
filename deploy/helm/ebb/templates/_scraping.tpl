{{- /* Where the executors' own page is. */ -}}
{{- define "ebb.executorPort" -}}
{{- dig "executor" "port" 9010 (.Values.podMonitor | default dict) -}}
{{- end -}}

{{- /* (list . THROUGH PORT INTERVAL): PORT of the executors, who declare only THROUGH. */ -}}
{{- define "ebb.endpoint" -}}
{{- $root := index . 0 }}{{ $port := index . 2 -}}
- port: {{ index . 1 }}
  path: /metrics
  interval: {{ index . 3 }}
  relabelings:
    # Coordinators have the labels and that port, too.
    - sourceLabels: [__meta_kubernetes_pod_name]
      regex: '{{ regexQuoteMeta $root.Values.executor.name }}(-.+)?-[0-9]+'
      action: keep
    # An address of IPv6 stands in brackets.
    - sourceLabels: [__meta_kubernetes_pod_ip]
      regex: '([^:]+)'
      targetLabel: __address__
      replacement: '$1:{{ $port }}'
    - sourceLabels: [__meta_kubernetes_pod_ip]
      regex: '(.+:.+)'
      targetLabel: __address__
      replacement: '[$1]:{{ $port }}'
{{- end -}}
