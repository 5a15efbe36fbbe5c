package turn

import (
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Metrics count what a Runner did since it was made.
type Metrics struct {
	Events      atomic.Int64 // taken in for the first time
	Duplicates  atomic.Int64 // delivered again and ignored
	Turns       atomic.Int64 // events committed
	Outcomes    atomic.Int64 // questions asked and answered within a turn
	Sends       atomic.Int64 // messages delivered
	Retries     atomic.Int64 // deliveries that failed and will be tried again
	Limited     atomic.Int64 // of these: told to wait (429)
	Dropped     atomic.Int64 // messages refused for good
	Gone        atomic.Int64 // conversations that the person had closed or blocked
	Bulletins   atomic.Int64 // of the messages delivered: service notices
	Moved       atomic.Int64 // conversations found at a new address
	Tasks       atomic.Int64 // background tasks done: files fetched, deferred filings and moves
	TaskRetries atomic.Int64 // attempts of them that failed and will be repeated
	Notices     atomic.Int64 // notices accepted as events
	DeadLetters atomic.Int64 // events and updates moved to the dead letters
	Lost        atomic.Int64 // leases lost
	Abandoned   atomic.Int64 // turns left to the next claim because the store failed
}

func (m *Metrics) count(fresh bool) {
	if fresh {
		m.Events.Add(1)
	} else {
		m.Duplicates.Add(1)
	}
}

// Register registers the counters with Prometheus as dengwen_turn_*_total. errand_retries and
// poison keep the names they had: dashboards and alerts read them.
func (m *Metrics) Register(to prometheus.Registerer) error {
	for _, c := range m.all() {
		f := func() float64 { return float64(c.n.Load()) }
		opts := prometheus.CounterOpts{Namespace: "dengwen", Subsystem: "turn", Name: c.name + "_total", Help: c.help}
		if err := to.Register(prometheus.NewCounterFunc(opts, f)); err != nil {
			return err
		}
	}
	return nil
}

type counter struct {
	name, help string
	n          *atomic.Int64
}

func (m *Metrics) all() []counter {
	return []counter{
		{"events", "Events taken in for the first time.", &m.Events},
		{"duplicates", "Events delivered again and ignored.", &m.Duplicates},
		{"turns", "Events stepped and committed.", &m.Turns},
		{"outcomes", "Questions asked within a turn.", &m.Outcomes},
		{"sends", "Messages delivered.", &m.Sends},
		{"send_retries", "Deliveries that failed and are tried again.", &m.Retries},
		{"send_limited", "Deliveries told to wait.", &m.Limited},
		{"send_dropped", "Messages refused for good.", &m.Dropped},
		{"gone", "Conversations found closed by the person.", &m.Gone},
		{"bulletins", "Service notices delivered.", &m.Bulletins},
		{"moved", "Conversations found at a new address.", &m.Moved},
		{"errands", "Files fetched and late filings done.", &m.Tasks},
		{"errand_retries", "Errands that failed and are tried again.", &m.TaskRetries},
		{"notices", "Notices handed to conversations.", &m.Notices},
		{"poison", "Events set aside.", &m.DeadLetters},
		{"lost", "Leases lost.", &m.Lost},
		{"abandoned", "Turns left to the next claim.", &m.Abandoned},
	}
}
