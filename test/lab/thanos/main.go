// Command thanos merges series as Thanos Query does by its default, with Thanos's own package: the
// deduplication called penalty. It reads series from stdin and writes the merged ones to stdout, both as
// gob of []Lane, and takes the PromQL function around the selector as its argument, which Thanos
// looks at. It is a module of its own because Thanos wants another Prometheus than the tests have.
package main

import (
	"encoding/gob"
	"fmt"
	"os"
)

// Lane is one series of one replica. The lanes of equal labels follow each other. Histograms are the
// protobuf of Prometheus's prompb.Histogram, empty for a float.
type Lane struct {
	Labels     []string // name, value, name, value
	Times      []int64
	Floats     []uint64
	Histograms [][]byte
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "thanos:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	function := ""
	if len(args) > 0 {
		function = args[0]
	}
	var lanes []Lane
	if err := gob.NewDecoder(os.Stdin).Decode(&lanes); err != nil {
		return err
	}
	merged, err := merge(lanes, function)
	if err != nil {
		return err
	}
	return gob.NewEncoder(os.Stdout).Encode(merged)
}
