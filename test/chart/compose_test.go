package chart

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// TestCompose reads docker/compose.yaml as `docker compose` does: held to the schema of its format,
// with every name resolved.
func TestCompose(t *testing.T) {
	path := filepath.Join(Root(), "docker/compose.yaml")
	project, err := loader.LoadWithContext(context.Background(), types.ConfigDetails{
		WorkingDir:  filepath.Dir(path),
		ConfigFiles: []types.ConfigFile{{Filename: path}},
	})
	must(t, err)
	must(t, project.CheckContainerNameUnicity())
	names := project.ServiceNames()
	slices.Sort(names)
	if want := []string{"engine", "grafana", "prombraid", "replica-a", "replica-b"}; !slices.Equal(names, want) {
		t.Errorf("services %v", names)
	}
	for name, service := range project.Services {
		for _, config := range service.Configs {
			if project.Configs[config.Source].Content == "" {
				t.Errorf("%s: no config %s", name, config.Source)
			}
		}
		if name != "grafana" && !service.ReadOnly {
			t.Errorf("%s may write", name)
		}
	}
	prombraid := project.Services["prombraid"]
	if !slices.Equal(prombraid.CapDrop, []string{"ALL"}) || !slices.Contains(prombraid.SecurityOpt, "no-new-privileges") {
		t.Errorf("prombraid has %v %v", prombraid.CapDrop, prombraid.SecurityOpt)
	}
	if got := prombraid.HealthCheck.Test; !slices.Equal(got[:4], []string{"CMD", "/bin/prombraid", "check", "healthy"}) {
		t.Errorf("its health is %v", got)
	}
	if source := project.Configs["datasource"].Content; !strings.Contains(source, "url: http://prombraid:9201\n") {
		t.Error("Grafana asks another than Prombraid")
	}
}
