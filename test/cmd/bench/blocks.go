package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/prometheus/prometheus/tsdb/chunkenc"

	"prombraid/test/internal/world"
)

// blocks gives the directory that holds each replica's data/, made when it is not there yet.
func (d dataset) blocks(cache string) (string, error) {
	dir := filepath.Join(cache, fmt.Sprintf("%s-%d-%d-%d-%d-v1", d.Name, d.Replicas, d.Series, d.Others, d.Scrapes))
	for replica := range d.Replicas {
		if err := d.block(filepath.Join(dir, fmt.Sprint(replica)), replica); err != nil {
			return "", err
		}
	}
	return dir, nil
}

func (d dataset) block(dir string, replica int) error {
	data := filepath.Join(dir, "data")
	if _, err := os.Stat(data); err == nil {
		return nil
	}
	unfinished := dir + ".part"
	if err := os.RemoveAll(unfinished); err != nil {
		return err
	}
	if err := world.WriteBlockOf(unfinished, chunkenc.EncXOR, d.series(replica)); err != nil {
		return fmt.Errorf("block of %s, replica %d: %w", d.Name, replica, err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	return os.Rename(unfinished, data)
}
