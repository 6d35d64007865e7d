package scripted

import (
	"encoding/binary"
	"io"
	"net"
	"sync"
	"sync/atomic"

	"github.com/miekg/dns"
)

const dnsPort = "5353"

// Reply gives the messages that are sent for a question, as they are; none is silence.
type Reply func(question *dns.Msg, tcp bool) [][]byte

// NameServer answers DNS by a script, over UDP and TCP.
type NameServer struct {
	at    string
	udp   net.PacketConn
	tcp   net.Listener
	mu    sync.Mutex
	reply Reply
	asked atomic.Int64
	byTCP atomic.Int64
}

// StartNames listens on host.
func StartNames(host string, reply Reply) (*NameServer, error) {
	return StartNamesAt(net.JoinHostPort(host, dnsPort), reply)
}

// StartNamesAt listens on ip:port; 53 is the only port that resolv.conf can mean.
func StartNamesAt(at string, reply Reply) (*NameServer, error) {
	s := &NameServer{at: at, reply: reply}
	var err error
	if s.udp, err = net.ListenPacket("udp", s.Address()); err != nil {
		return nil, err
	}
	if s.tcp, err = net.Listen("tcp", s.Address()); err != nil {
		_ = s.udp.Close()
		return nil, err
	}
	go s.serveUDP()
	go s.serveTCP()
	return s, nil
}

// Address is ip:port.
func (s *NameServer) Address() string { return s.at }

// Asked is how many questions came.
func (s *NameServer) Asked() int64 { return s.asked.Load() }

// AskedByTCP is how many of them came over TCP.
func (s *NameServer) AskedByTCP() int64 { return s.byTCP.Load() }

// Play changes the script.
func (s *NameServer) Play(reply Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reply = reply
}

// Stop ends the server.
func (s *NameServer) Stop() {
	_ = s.udp.Close()
	_ = s.tcp.Close()
}

func (s *NameServer) answers(packet []byte, tcp bool) [][]byte {
	s.asked.Add(1)
	question := &dns.Msg{}
	if question.Unpack(packet) != nil || len(question.Question) == 0 {
		return nil
	}
	s.mu.Lock()
	reply := s.reply
	s.mu.Unlock()
	return reply(question, tcp)
}

func (s *NameServer) serveUDP() {
	packet := make([]byte, 64<<10)
	for {
		n, from, err := s.udp.ReadFrom(packet)
		if err != nil {
			return
		}
		for _, answer := range s.answers(packet[:n], false) {
			_, _ = s.udp.WriteTo(answer, from)
		}
	}
}

func (s *NameServer) serveTCP() {
	for {
		conn, err := s.tcp.Accept()
		if err != nil {
			return
		}
		go func() {
			defer conn.Close()
			for {
				var length [2]byte
				if _, err := io.ReadFull(conn, length[:]); err != nil {
					return
				}
				packet := make([]byte, binary.BigEndian.Uint16(length[:]))
				if _, err := io.ReadFull(conn, packet); err != nil {
					return
				}
				s.byTCP.Add(1)
				for _, answer := range s.answers(packet, true) {
					framed := binary.BigEndian.AppendUint16(nil, uint16(len(answer)))
					_, _ = conn.Write(append(framed, answer...))
				}
			}
		}()
	}
}

// Hosts answers A questions with these addresses, others with nothing, and that for ttl seconds.
func Hosts(ttl uint32, addresses ...string) Reply {
	return Edited(ttl, nil, addresses...)
}

// Edited is Hosts with a change to each message before it is sent.
func Edited(ttl uint32, edit func(*dns.Msg), addresses ...string) Reply {
	return func(question *dns.Msg, tcp bool) [][]byte {
		m := (&dns.Msg{}).SetReply(question)
		if question.Question[0].Qtype == dns.TypeA {
			for _, address := range addresses {
				header := dns.RR_Header{Name: question.Question[0].Name, Rrtype: dns.TypeA, Class: dns.ClassINET, Ttl: ttl}
				m.Answer = append(m.Answer, &dns.A{Hdr: header, A: net.ParseIP(address)})
			}
		}
		if edit != nil {
			edit(m)
		}
		return Packed(m)
	}
}

// Code answers with a response code and nothing else.
func Code(code int) Reply {
	return func(question *dns.Msg, _ bool) [][]byte {
		return Packed((&dns.Msg{}).SetRcode(question, code))
	}
}

// Silence answers nothing.
func Silence(*dns.Msg, bool) [][]byte { return nil }

// Packed encodes a message; what can't be encoded is silence.
func Packed(m *dns.Msg) [][]byte {
	bytes, err := m.Pack()
	if err != nil {
		return nil
	}
	return [][]byte{bytes}
}
