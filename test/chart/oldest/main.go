// Command oldest decodes objects strictly into the types of the oldest Kubernetes that the chart
// names. It reads a JSON array of objects and prints a line for each that does not fit. It is a
// module of its own, since a program can't hold two versions of these types.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	strict "sigs.k8s.io/json"
)

// kinds give an empty object of each kind that the chart makes of Kubernetes' own.
var kinds = map[string]func() any{
	"v1 ConfigMap":                           func() any { return new(core.ConfigMap) },
	"v1 Pod":                                 func() any { return new(core.Pod) },
	"v1 Secret":                              func() any { return new(core.Secret) },
	"v1 Service":                             func() any { return new(core.Service) },
	"v1 ServiceAccount":                      func() any { return new(core.ServiceAccount) },
	"apps/v1 Deployment":                     func() any { return new(apps.Deployment) },
	"autoscaling/v2 HorizontalPodAutoscaler": func() any { return new(autoscaling.HorizontalPodAutoscaler) },
	"networking.k8s.io/v1 Ingress":           func() any { return new(networking.Ingress) },
	"networking.k8s.io/v1 NetworkPolicy":     func() any { return new(networking.NetworkPolicy) },
	"policy/v1 PodDisruptionBudget":          func() any { return new(policy.PodDisruptionBudget) },
}

func faults(object json.RawMessage) error {
	var head struct{ APIVersion, Kind string }
	if err := json.Unmarshal(object, &head); err != nil {
		return err
	}
	made, known := kinds[head.APIVersion+" "+head.Kind]
	if !known {
		return fmt.Errorf("%s %s: no such kind", head.APIVersion, head.Kind)
	}
	wrong, err := strict.UnmarshalStrict(object, made())
	if err == nil && len(wrong) > 0 {
		err = wrong[0]
	}
	if err != nil {
		return fmt.Errorf("%s %s: %w", head.APIVersion, head.Kind, err)
	}
	return nil
}

func main() {
	var objects []json.RawMessage
	if err := json.NewDecoder(os.Stdin).Decode(&objects); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	for _, object := range objects {
		if err := faults(object); err != nil {
			fmt.Println(err)
		}
	}
}
