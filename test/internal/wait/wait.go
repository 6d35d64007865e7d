// Package wait polls for a condition, never without a bound.
package wait

import (
	"fmt"
	"time"
)

const pause = 25 * time.Millisecond

// Until calls check until it gives no error, and gives its last error when the time is up.
func Until(limit time.Duration, what string, check func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := check()
		if err == nil {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%s: not within %s: %w", what, limit, err)
		}
		time.Sleep(pause)
	}
}
