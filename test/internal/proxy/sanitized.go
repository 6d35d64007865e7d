package proxy

import "os"

// Sanitized says that the program under test carries sanitizers, whose shadow and quarantine are
// most of its memory: how much it takes then says nothing about the program.
func Sanitized() bool { return os.Getenv("PROMBRAID_SANITIZED") != "" }
