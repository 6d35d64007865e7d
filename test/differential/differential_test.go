package differential

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"prombraid/test/internal/proxy"
)

// ours runs decoders.cc.
type ours struct {
	mu  sync.Mutex
	in  io.WriteCloser
	out *bufio.Reader
}

func start(t testing.TB) *ours {
	t.Helper()
	program := filepath.Join(filepath.Dir(proxy.Binary()), "test/differential/decoders/decoders")
	cmd := exec.Command(program)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s: %v", program, err)
		}
	})
	return &ours{in: in, out: bufio.NewReader(out)}
}

// say gives the content, or the error's text and false.
func (o *ours) say(kind byte, input []byte) (text string, taken bool, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	request := binary.LittleEndian.AppendUint32([]byte{kind}, uint32(len(input)))
	if _, err := o.in.Write(append(request, input...)); err != nil {
		return "", false, err
	}
	var head [5]byte
	if _, err := io.ReadFull(o.out, head[:]); err != nil {
		return "", false, fmt.Errorf("it has ended: %w", err)
	}
	answer := make([]byte, binary.LittleEndian.Uint32(head[1:]))
	_, err = io.ReadFull(o.out, answer)
	return string(answer), head[0] == '+', err
}

// stricter are our errors for what Prometheus takes, and why.
var stricter = map[byte][]string{
	'f': {
		"a length of zero", // a writer never sends it (storage/remote/chunked.go, Write)
		"torn",             // theirs takes the end after a bare length for a clean one
	},
	'm': {
		"an empty name", "twice", // no label set
		"negative query_index", "data without a head",
		"bad tag", "bad field number", "bad length", // longer than five bytes, larger than there are
		"unknown wire type", // groups, which nobody has sent since proto2
	},
	'c': {
		// Where the data ends too early theirs give the sample before again, as often as the head says.
		"the data ends", "so many samples need more bytes",
		"a field is not valid", // such as a window of more than 64 bits, of which theirs keep some
		"more than",            // memory: a few bytes can claim thousands of buckets a sample
	},
}

func known(kind byte, text string) bool {
	return slices.ContainsFunc(stricter[kind], func(reason string) bool { return strings.Contains(text, reason) })
}

// oddSchema says that a histogram's schema is none of today's: Prometheus refuses some and brings others
// down to 8, where we pass on what came and leave the judging to it (chunk/decode.h).
func oddSchema(kind byte, text string) bool {
	for line := range strings.Lines(text) {
		var t, schema int64
		var sum uint64
		if n, _ := fmt.Sscan(line, &t, &sum, &schema); kind == 'c' && n == 3 && (schema < -4 || schema > 8) && schema != -53 {
			return true
		}
	}
	return false
}

// unbounded says that Prometheus might take any amount of memory for the input: its histogram chunks
// are given as many buckets as a few bytes of layout claim. It is not shown those that we refuse.
func unbounded(kind byte, input []byte) bool {
	return kind == 'c' && len(input) > 0 && !slices.Contains([]byte{0, 1, 4}, input[0])
}

// compare is the property: what we take, Prometheus takes, and both see the same in it; what only
// Prometheus takes is refused for a reason that is known.
func compare(t testing.TB, o *ours, kind byte, input []byte) {
	t.Helper()
	text, taken, err := o.say(kind, input)
	if err != nil {
		t.Fatalf("%c %x: %v", kind, input, err)
	}
	if !taken && unbounded(kind, input) {
		return
	}
	want, refused := theirs(kind, input)
	switch {
	case taken && oddSchema(kind, text):
	case taken && refused != nil:
		t.Fatalf("%c %x: taken, and Prometheus says: %v", kind, input, refused)
	case taken && text != want:
		t.Fatalf("%c %x:\n%.2000q\nand Prometheus\n%.2000q", kind, input, text, want)
	case !taken && refused == nil && !known(kind, text):
		t.Fatalf("%c %x: refused (%s), and taken by Prometheus as %.2000q", kind, input, text, want)
	}
}

// corpora of the fuzz targets, by kind.
var corpora = map[byte]string{'f': "wire_frames", 'm': "wire_frames", 'c': "chunk_decode"}

// seeds are the inputs of a target's corpus. Of those of chunk_decode the second and third byte say
// where to cut, and the encoding is counted modulo 8.
func seeds(t testing.TB, kind byte) [][]byte {
	t.Helper()
	files, err := filepath.Glob("../fuzz/corpus/" + corpora[kind] + "/*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var all [][]byte
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if kind == 'c' {
			if len(text) < 3 {
				continue
			}
			text = append([]byte{text[0] % 8}, text[3:]...)
		}
		all = append(all, text)
	}
	return all
}

func TestCorpora(t *testing.T) {
	o := start(t)
	for kind := range corpora {
		for _, seed := range seeds(t, kind) {
			compare(t, o, kind, seed)
			for cut := range min(len(seed), 400) {
				compare(t, o, kind, seed[:cut])
			}
		}
	}
}

// TestChanged compares what chance makes of the corpora, the same in every run.
func TestChanged(t *testing.T) {
	o := start(t)
	for kind := range corpora {
		chance := rand.New(rand.NewPCG(1, uint64(kind)))
		all := seeds(t, kind)
		for range 30_000 {
			input := bytes.Clone(all[chance.IntN(len(all))])
			for range 1 + chance.IntN(4) {
				input = changed(input, all[chance.IntN(len(all))], chance)
			}
			compare(t, o, kind, input)
		}
	}
}

// changed flips, sets, cuts, or takes over a part of another input.
func changed(input, other []byte, chance *rand.Rand) []byte {
	if len(input) == 0 {
		return other
	}
	at := chance.IntN(len(input))
	switch chance.IntN(6) {
	case 0:
		input[at] ^= 1 << chance.IntN(8)
	case 1:
		input[at] = byte(chance.Uint32())
	case 2:
		input = input[:at]
	case 3:
		input = append(input[:at:at], input[min(at+1+chance.IntN(4), len(input)):]...)
	case 4:
		from := chance.IntN(len(other) + 1)
		input = append(input[:at:at], other[from:]...)
	case 5:
		input[at] = []byte{0, 0x7f, 0x80, 0xff}[chance.IntN(4)]
	}
	return input
}

// Fuzz searches further: go test ./differential -fuzz Fuzz.
func Fuzz(f *testing.F) {
	for kind := range corpora {
		for _, seed := range seeds(f, kind) {
			f.Add(kind, seed)
		}
	}
	o := start(f)
	f.Fuzz(func(t *testing.T, kind byte, input []byte) {
		if _, known := corpora[kind]; known && len(input) < 1<<16 {
			compare(t, o, kind, input)
		}
	})
}
