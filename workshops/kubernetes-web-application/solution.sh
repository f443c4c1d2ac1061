#!/bin/sh
# Solves the workshop in its workbench. Ends with 0 only when everything is done.
set -eu

in_shop() { kubectl --namespace shop "$@"; }
rolled_out() { in_shop rollout status deployment/web --timeout=180s; }
set_page() { in_shop create configmap page --from-literal=index.html="$1" --dry-run=client --output=yaml | kubectl apply --filename -; }

kubectl create namespace shop
in_shop wait --for=create serviceaccount/default --timeout=60s
set_page 'Welcome to the shop'

kubectl apply --filename - <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: nginx
          image: nginx:alpine
          ports:
            - containerPort: 80
          readinessProbe:
            httpGet: { path: /, port: 80 }
            periodSeconds: 2
          resources:
            requests: { cpu: 20m, memory: 32Mi }
            limits: { cpu: 100m, memory: 64Mi }
          volumeMounts:
            - name: page
              mountPath: /usr/share/nginx/html
      volumes:
        - name: page
          configMap:
            name: page
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
    - port: 80
EOF
rolled_out

in_shop scale deployment/web --replicas=3
rolled_out

set_page 'Now with free delivery'
in_shop rollout restart deployment/web
rolled_out

in_shop set image deployment/web nginx=nginx:no-such-version
in_shop wait deployment/web --for=jsonpath='{.status.unavailableReplicas}'=1 --timeout=60s
in_shop rollout undo deployment/web
rolled_out

in_shop wait deployment/web --for=jsonpath='{.status.readyReplicas}'=3 --timeout=60s
[ "$(in_shop get deployment web --output=jsonpath='{.spec.template.spec.containers[0].image}')" = nginx:alpine ]
in_shop exec deployment/web -- cat /usr/share/nginx/html/index.html | grep 'Now with free delivery'
ready='{range .items[*].endpoints[?(@.conditions.ready==true)]}{.targetRef.name}{"\n"}{end}'
[ "$(in_shop get endpointslices --selector=kubernetes.io/service-name=web --output=jsonpath="$ready" | grep -c .)" = 3 ]
