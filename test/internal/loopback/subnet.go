// Package loopback gives every world of a test its own addresses inside 127.0.0.0/8, so that hosts
// can share a port number as the pods behind a headless service do, and tests never collide.
package loopback

import (
	"fmt"
	"math/rand/v2"
)

// Subnet is one 127.a.b.0/24.
type Subnet struct{ a, b int }

// New picks a subnet by chance, away from 127.0.0.0/16 where real services of the machine live.
func New() Subnet { return Subnet{a: 1 + rand.IntN(254), b: rand.IntN(256)} }

// Host is the address 127.a.b.n.
func (s Subnet) Host(n int) string { return fmt.Sprintf("127.%d.%d.%d", s.a, s.b, n) }
