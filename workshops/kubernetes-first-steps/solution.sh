#!/bin/sh
# Solves the workshop in its workbench. Ends with 0 only when everything is done.
set -eu

in_steps() { kubectl --namespace first-steps "$@"; }

kubectl get namespaces
kubectl create namespace first-steps
in_steps wait --for=create serviceaccount/default --timeout=60s

in_steps run hello --image=nginx:alpine
in_steps wait pod/hello --for=condition=Ready --timeout=180s
in_steps logs hello
in_steps describe pod hello | grep '^Events:'

in_steps run broken --image=nginx:alpine --restart=Never -- sh -c 'echo "no configuration"; exit 3'
in_steps wait pod/broken --for=jsonpath='{.status.phase}'=Failed --timeout=180s
in_steps logs broken | grep 'no configuration'
exit_code=$(in_steps get pod broken --output=jsonpath='{.status.containerStatuses[0].state.terminated.exitCode}')
[ "$exit_code" = 3 ]
in_steps delete pod broken --timeout=60s

[ "$(in_steps get pods --output=name)" = pod/hello ]
in_steps wait pod/hello --for=condition=Ready --timeout=10s
