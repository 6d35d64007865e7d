package main

import (
	"math/rand/v2"
	"time"

	"prombraid/test/internal/scripted"
)

// trouble is a replica that is well half of the time and fails in every way for the rest.
func trouble() scripted.Script {
	good := sent()
	bytes := scripted.Frames(good...)
	broken := []byte(bytes)
	broken[len(broken)/2] ^= 1
	faults := []scripted.Script{
		(*scripted.Exchange).Reset,
		(*scripted.Exchange).Close,
		scripted.Status(500, "out of disk"),
		scripted.Status(503, "Service Unavailable"),
		scripted.Status(400, "no"),
		scripted.StreamedBytes(bytes[:len(bytes)/2]),
		scripted.StreamedBytes(bytes[:len(bytes)/2] + "query timed out while reading a block\n"),
		scripted.StreamedBytes(string(broken)),
		scripted.StreamedBytes(good[3].Frame() + good[1].Frame()),
		func(x *scripted.Exchange) { x.Reply(200, "text/html", "<html>") },
		func(x *scripted.Exchange) {
			x.Head(scripted.StreamedType)
			x.Chunk(bytes[:len(bytes)/3])
			x.Wait(200 * time.Millisecond)
			x.Reset()
		},
	}
	// A script serves many connections at once, so the top-level source, which locks.
	return func(x *scripted.Exchange) {
		if rand.IntN(2) == 0 {
			scripted.Streamed(good...)(x)
			return
		}
		faults[rand.IntN(len(faults))](x)
	}
}
