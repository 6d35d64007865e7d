package faults

import (
	"os"
	"syscall"
)

// pipe is a pipe that is full already.
func pipe() (reader, writer *os.File, err error) {
	var ends [2]int
	if err := syscall.Pipe2(ends[:], syscall.O_CLOEXEC); err != nil {
		return nil, nil, err
	}
	if err := syscall.SetNonblock(ends[1], true); err != nil {
		return nil, nil, err
	}
	line := make([]byte, 4096)
	for err == nil {
		_, err = syscall.Write(ends[1], line)
	}
	if err := syscall.SetNonblock(ends[1], false); err != nil {
		return nil, nil, err
	}
	return os.NewFile(uintptr(ends[0]), "read"), os.NewFile(uintptr(ends[1]), "write"), nil
}
