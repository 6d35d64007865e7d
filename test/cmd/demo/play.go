package main

import (
	"errors"
	"fmt"
	"math"
	"os"
	"time"

	"github.com/prometheus/common/model"

	"prombraid/test/internal/chart"
	"prombraid/test/internal/prom"
	"prombraid/test/internal/wait"
)

const (
	// expr needs two samples in its window; a replica that was down for longer has none.
	expr = "rate(demo_requests_total[4s])"
	step = time.Second

	calm = 12 * time.Second // both replicas are up
	down = 10 * time.Second // one of them is not
)

var errStopped = errors.New("stopped")

// span is the time that the graphs show.
type span struct{ from, to time.Time }

// play takes each replica down in turn and gives the time from the first whole window on.
func (s *stage) play(stop <-chan os.Signal) (span, error) {
	if err := s.warmUp(); err != nil {
		return span{}, err
	}
	// The step that has begun may begin before there was a graph.
	from := time.Now().Truncate(step).Add(step)
	for _, replica := range s.replicas {
		if err := pause(calm, stop); err != nil {
			return span{}, err
		}
		fmt.Printf("%s  %s is killed\n", time.Now().Format(time.TimeOnly), replica.Name)
		replica.Kill()
		if err := pause(down, stop); err != nil {
			return span{}, err
		}
		if err := replica.Restart(); err != nil {
			return span{}, err
		}
		fmt.Printf("%s  %s is back\n", time.Now().Format(time.TimeOnly), replica.Name)
	}
	err := pause(calm, stop)
	return span{from, time.Now().Add(-2 * time.Second).Truncate(step)}, err
}

// warmUp waits until both replicas have a graph; a Prometheus scrapes some seconds after its start.
func (s *stage) warmUp() error {
	for _, replica := range s.replicas {
		err := wait.Until(30*time.Second, replica.Name+" scrapes", func() error {
			now, _, err := replica.Instant(expr, time.Now())
			if vector, ok := now.(model.Vector); err == nil && (!ok || len(vector) == 0) {
				err = errors.New("nothing yet")
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func pause(length time.Duration, stop <-chan os.Signal) error {
	select {
	case <-stop:
		return errStopped
	case <-time.After(length):
		return nil
	}
}

// graphs asks the replicas and the upstream for the same graph.
func (s *stage) graphs(shown span) ([]chart.Panel, error) {
	var panels []chart.Panel
	for _, server := range append(s.replicas[:len(s.replicas):len(s.replicas)], s.upstream) {
		title := server.Name
		if server == s.upstream {
			title = "Prometheus reading through Prombraid"
		}
		matrix, warnings, err := server.Graph(expr, shown.from, shown.to, step)
		if err != nil || len(warnings) > 0 {
			return nil, fmt.Errorf("%s: %w %q", title, err, warnings)
		}
		panels = append(panels, panel(title, matrix, shown))
	}
	return panels, nil
}

func panel(title string, matrix model.Matrix, shown span) chart.Panel {
	p := chart.Panel{Values: make([]float64, int(shown.to.Sub(shown.from)/step)+1)}
	for i := range p.Values {
		p.Values[i] = math.NaN()
	}
	for _, series := range matrix {
		for _, value := range series.Values {
			p.Values[int(value.Timestamp.Time().Sub(shown.from)/step)] = float64(value.Value)
		}
	}
	p.Title = fmt.Sprintf("%s: %d of %d points missing", title, p.Missing(), len(p.Values))
	return p
}

func (s *stage) printPlaces() {
	fmt.Println("\nAll of it runs until you press Ctrl-C:")
	fmt.Println("  target     http://" + s.target.address() + "/metrics")
	for _, server := range append([]*prom.Server{s.upstream}, s.replicas...) {
		fmt.Printf("  %-10s %s\n", server.Name, server.URL())
	}
	fmt.Println("  Prombraid ", s.proxy.URL())
	fmt.Println("  DNS       ", s.names.Address(), "has", name)
}
