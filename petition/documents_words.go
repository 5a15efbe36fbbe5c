package petition

import (
	_ "embed"
	"encoding/json"
	"strings"
	"sync"
)

// What official documents say is Chinese by law, whatever language people are spoken to in
// (国家通用语言文字法, Article 9).
//
//go:embed documents/zh-CN.json
var documentWordsFile []byte

var documentWords = sync.OnceValue(func() map[string]string {
	var words map[string]string
	if err := json.Unmarshal(documentWordsFile, &words); err != nil {
		panic(err) // it is part of the program
	}
	return words
})

// word is what documents call a value of some kind; "" for one they have no word for.
func word(kind, value string) string { return documentWords()[kind+"."+value] }

// phrase is a sentence of documents with its placeholders filled in; args are name, value pairs. A
// key that does not exist comes back as itself.
func phrase(key string, args ...string) string {
	text := or(documentWords()[key], key)
	holes := make([]string, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		holes[i], holes[i+1] = "{{."+args[i]+"}}", args[i+1]
	}
	return strings.NewReplacer(holes...).Replace(text)
}
