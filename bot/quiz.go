package bot

// QuizQuestion is one question of the quiz on the rules. Right is an index into Options.
type QuizQuestion struct {
	Question string
	Options  []string
	Right    int
	Why      string
}

// Quiz draws up to n questions in a language, for citizens or for staff. The same seed draws
// the same ones in the same order.
type Quiz func(lang string, n int, seed uint64, staff bool) []QuizQuestion

// Poll is a quiz question for a door with native quizzes (Bot API sendPoll). Say.Text and
// Say.Rows are the same question for the others.
type Poll struct {
	Question string     `json:"question"`
	Options  []string   `json:"options"`
	Right    int        `json:"right"`
	Why      string     `json:"why,omitempty"`
	Rows     [][]Button `json:"rows,omitempty"` // under the poll: the next question
}
