package chart

import (
	"encoding/json"
	"fmt"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	admission "k8s.io/api/admissionregistration/v1"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	vertical "k8s.io/autoscaler/vertical-pod-autoscaler/pkg/apis/autoscaling.k8s.io/v1"
	gateway "sigs.k8s.io/gateway-api/apis/v1"
	strict "sigs.k8s.io/json"
)

// kinds give an empty object of each kind that the chart and the examples make.
var kinds = map[string]func() any{
	"v1 ConfigMap":                           func() any { return new(core.ConfigMap) },
	"v1 Namespace":                           func() any { return new(core.Namespace) },
	"v1 Pod":                                 func() any { return new(core.Pod) },
	"v1 Secret":                              func() any { return new(core.Secret) },
	"v1 Service":                             func() any { return new(core.Service) },
	"v1 ServiceAccount":                      func() any { return new(core.ServiceAccount) },
	"apps/v1 Deployment":                     func() any { return new(apps.Deployment) },
	"autoscaling/v2 HorizontalPodAutoscaler": func() any { return new(autoscaling.HorizontalPodAutoscaler) },
	"networking.k8s.io/v1 Ingress":           func() any { return new(networking.Ingress) },
	"networking.k8s.io/v1 NetworkPolicy":     func() any { return new(networking.NetworkPolicy) },
	"policy/v1 PodDisruptionBudget":          func() any { return new(policy.PodDisruptionBudget) },

	"admissionregistration.k8s.io/v1 MutatingAdmissionPolicy":        func() any { return new(admission.MutatingAdmissionPolicy) },
	"admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding": func() any { return new(admission.MutatingAdmissionPolicyBinding) },

	"autoscaling.k8s.io/v1 VerticalPodAutoscaler": func() any { return new(vertical.VerticalPodAutoscaler) },
	"gateway.networking.k8s.io/v1 HTTPRoute":      func() any { return new(gateway.HTTPRoute) },

	"monitoring.coreos.com/v1 PodMonitor":     func() any { return new(monitoring.PodMonitor) },
	"monitoring.coreos.com/v1 Prometheus":     func() any { return new(monitoring.Prometheus) },
	"monitoring.coreos.com/v1 PrometheusRule": func() any { return new(monitoring.PrometheusRule) },
	"monitoring.coreos.com/v1 ServiceMonitor": func() any { return new(monitoring.ServiceMonitor) },
}

// Kind is what an object says that it is, as "apps/v1 Deployment".
func (o Object) Kind() string { return fmt.Sprintf("%v %v", o["apiVersion"], o["kind"]) }

// Own says whether Kubernetes itself knows the object's kind.
func (o Object) Own() bool {
	switch version, _ := o["apiVersion"].(string); version {
	case "monitoring.coreos.com/v1", "autoscaling.k8s.io/v1", "gateway.networking.k8s.io/v1":
		return false
	}
	return true
}

// Decode decodes an object strictly: a field that its type has not is an error.
func Decode(o Object) (any, error) {
	made, known := kinds[o.Kind()]
	if !known {
		return nil, fmt.Errorf("%s: no such kind", o.Kind())
	}
	into := made()
	if err := Fit(o, into); err != nil {
		return nil, fmt.Errorf("%s: %w", o.Kind(), err)
	}
	return into, nil
}

// Fit decodes a part of a manifest strictly into a type of Kubernetes.
func Fit(part, into any) error {
	text, err := json.Marshal(part)
	if err != nil {
		return err
	}
	wrong, err := strict.UnmarshalStrict(text, into)
	if err == nil && len(wrong) > 0 {
		err = wrong[0]
	}
	return err
}
