// Command demo shows on real servers what Prombraid is for: two Prometheus replicas that each miss a
// part, and the same graph through Prombraid with nothing missing.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"prombraid/test/internal/chart"
)

func main() {
	keep := flag.Bool("keep", false, "leave everything running and print where it is")
	picture := flag.String("picture", "demo.png", "the picture file to write")
	flag.Parse()
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "demo: unexpected argument", flag.Arg(0))
		os.Exit(2)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	if err := run(*keep, *picture, stop); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func run(keep bool, picture string, stop <-chan os.Signal) error {
	dir, err := os.MkdirTemp("", "prombraid-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	s, err := newStage(dir)
	if s != nil {
		defer s.stop()
	}
	if err != nil {
		return err
	}
	fmt.Println("Two Prometheus servers scrape one target every second. Each will be killed for a while.")
	span, err := s.play(stop)
	if err != nil {
		return err
	}
	panels, err := s.graphs(span)
	if err != nil {
		return err
	}
	if picture, err = filepath.Abs(picture); err != nil {
		return err
	}
	if err := chart.Picture(picture, expr, panels); err != nil {
		return err
	}
	fmt.Printf("\n%s\n\n%s\n", expr, chart.Text(panels, 5))
	for _, p := range panels {
		fmt.Println(p.Title)
	}
	fmt.Println("Picture:", picture)
	if keep {
		s.printPlaces()
		<-stop
	}
	return verdict(panels)
}

// verdict is an error where the graphs do not show what they should.
func verdict(panels []chart.Panel) error {
	last := len(panels) - 1
	for _, alone := range panels[:last] {
		if alone.Missing() == 0 {
			return fmt.Errorf("a replica that was down misses nothing: %s", alone.Title)
		}
	}
	if panels[last].Missing() > 0 {
		return fmt.Errorf("points are missing: %s", panels[last].Title)
	}
	return nil
}
