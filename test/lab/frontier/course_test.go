package main

import "testing"

// The example of docs/merge.md: B34 is 4 s late and C25 is 5 s early; B goes on where C ends.
func TestExample(t *testing.T) {
	lanes := []lane{
		{{t: 0}, {t: 15}, {t: 30, stale: true}, {t: 45}, {t: 60}, {t: 75}},
		{{t: 4}, {t: 19}, {t: 34}, {t: 49}, {t: 64}, {t: 79}},
		{{t: 10}, {t: 25}, {t: 40}, {t: 55}, {t: 70}},
	}
	want := []int64{0, 15, 25, 40, 55, 70, 79}
	got := staying.course(lanes, 15, -long, long)
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i, taken := range got {
		if taken.t != want[i] {
			t.Errorf("step %d: got %d, want %d", i, taken.t, want[i])
		}
	}
}
