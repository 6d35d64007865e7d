package chart

import (
	"fmt"

	core "k8s.io/api/core/v1"
)

// Unrestricted says what of a pod the Pod Security Standard "restricted" would refuse
// (kubernetes.io/docs/concepts/security/pod-security-standards), of the kinds that a pod here can
// break.
func Unrestricted(pod core.PodSpec) []string {
	var faults []string
	if pod.HostNetwork || pod.HostPID || pod.HostIPC {
		faults = append(faults, "shares something of its host")
	}
	for _, volume := range pod.Volumes {
		if volume.HostPath != nil {
			faults = append(faults, "volume "+volume.Name+" is a path of the host")
		}
	}
	of := pod.SecurityContext
	if of == nil {
		of = &core.PodSecurityContext{}
	}
	for _, container := range append(append([]core.Container{}, pod.InitContainers...), pod.Containers...) {
		for _, fault := range unrestricted(of, container.SecurityContext) {
			faults = append(faults, fmt.Sprintf("container %s %s", container.Name, fault))
		}
	}
	return faults
}

func unrestricted(pod *core.PodSecurityContext, own *core.SecurityContext) []string {
	if own == nil {
		own = &core.SecurityContext{}
	}
	var faults []string
	refuse := func(bad bool, what string) {
		if bad {
			faults = append(faults, what)
		}
	}
	refuse(own.Privileged != nil && *own.Privileged, "is privileged")
	refuse(own.AllowPrivilegeEscalation == nil || *own.AllowPrivilegeEscalation, "may gain privileges")
	refuse(own.Capabilities == nil || len(own.Capabilities.Add) > 0 || len(own.Capabilities.Drop) != 1 ||
		own.Capabilities.Drop[0] != "ALL", "keeps capabilities")
	nonRoot := own.RunAsNonRoot
	if nonRoot == nil {
		nonRoot = pod.RunAsNonRoot
	}
	refuse(nonRoot == nil || !*nonRoot, "may run as root")
	profile := own.SeccompProfile
	if profile == nil {
		profile = pod.SeccompProfile
	}
	refuse(profile == nil || profile.Type == core.SeccompProfileTypeUnconfined, "has no seccomp profile")
	return faults
}
