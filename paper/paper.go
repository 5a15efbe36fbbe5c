// Package paper makes what people hold in their hands: the official notices of a
// case as PDF and DOCX, from templates an office can edit. Which parts a notice must
// carry is a table here; a notice with a part missing is refused with a sentence.
package paper

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"sort"
	"strings"
	"text/template"

	"dengwen/petition"
)

//go:embed templates/*.txt
var builtin embed.FS

// Kind names a notice; its template is templates/<kind>.txt.
type Kind string

const (
	Receipt     Kind = "receipt"     // 登记回执
	Transfer    Kind = "transfer"    // 转送函、交办函 (Art 22)
	Acceptance  Kind = "acceptance"  // 受理告知书 (Art 23)
	Refusal     Kind = "refusal"     // 不予受理告知书
	NoLonger    Kind = "no_longer"   // 不再受理告知书 (Art 36)
	Extension   Kind = "extension"   // 延长办理期限告知书 (Art 34)
	Opinion     Kind = "opinion"     // 信访处理意见书 (Art 32)
	Review      Kind = "review"      // 复查意见书 (Art 35)
	Rereview    Kind = "rereview"    // 复核意见书 (Art 36)
	Supervision Kind = "supervision" // 督办函 (Art 40)
	Completion  Kind = "completion"  // 办结报告 (Art 22)
	Delivery    Kind = "delivery"    // 送达回证
)

// Part is one thing a notice must say.
type Part struct {
	Key  string // name in the template and in the values
	Name string // what to call it when it is missing
}

// common parts stand on every notice.
var common = []Part{{"number", "编号"}, {"unit", "出具单位"}, {"date", "日期"}}

// parts is what each kind must carry besides: the Regulation's articles, and for
// refusals and letters the practice that §2.9 of the field's own guides follow.
var parts = map[Kind][]Part{
	Receipt:    {{"received", "收到日期"}, {"matter", "登记的内容"}, {"next", "下一步和日期"}},
	Transfer:   {{"to", "收件单位"}, {"matter", "事项摘要"}, {"basis", "依据"}, {"due", "办理期限"}},
	Acceptance: {{"name", "称呼"}, {"received", "收到日期"}, {"source", "来源"}, {"matter", "每一件事项"}, {"route", "处理途径和程序"}, {"due", "办理期限"}, {"contact", "联系方式"}},
	Refusal:    {{"name", "称呼"}, {"received", "收到日期"}, {"matter", "哪些事项"}, {"basis", "哪部规定的哪一条款"}, {"instead", "该去哪里、期限还剩多久"}},
	NoLonger:   {{"name", "称呼"}, {"matter", "哪些事项"}, {"opinion_number", "复核意见书编号"}, {"opinion_date", "复核意见书日期"}},
	Extension:  {{"name", "称呼"}, {"matter", "事项"}, {"reason", "延长的理由"}, {"approved", "批准人"}, {"due", "新的期限"}},
	Opinion: {{"name", "称呼"}, {"received", "收到日期"}, {"request", "投诉请求"}, {"facts", "事实和理由"},
		{"opinion", "处理意见"}, {"basis", "法律法规政策依据"}, {"review_body", "复查机关"}, {"review_until", "申请复查的最后一天"}},
	Review: {{"name", "称呼"}, {"challenged", "被复查的意见"}, {"request", "复查请求"}, {"facts", "查明的事实"},
		{"opinion", "复查意见"}, {"basis", "依据"}, {"review_body", "复核机关"}, {"review_until", "申请复核的最后一天"}},
	Rereview: {{"name", "称呼"}, {"challenged", "被复核的意见"}, {"request", "复核请求"}, {"facts", "查明的事实"},
		{"opinion", "复核意见"}, {"basis", "依据"}},
	Supervision: {{"to", "被督办单位"}, {"facts", "发现的情况"}, {"basis", "依据"}, {"ask", "要求"}, {"due", "反馈日期"}},
	Completion:  {{"to", "交办单位"}, {"matter", "事项"}, {"done", "办理情况"}, {"result", "结果"}, {"view", "信访人意见"}},
	Delivery:    {{"document", "送达的文书"}, {"name", "受送达人"}, {"method", "送达方式"}, {"delivered", "收到日期"}},
}

// Kinds lists all kinds in alphabetical order.
func Kinds() []Kind {
	var out []Kind
	for k := range parts {
		out = append(out, k)
	}
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// Required lists what a kind must carry.
func Required(k Kind) []Part { return append(append([]Part{}, common...), parts[k]...) }

// Values fills a notice. Besides the required keys a template may use any other.
type Values map[string]string

// Press makes notices. Safe for concurrent use.
type Press struct{ t *template.Template }

// New reads the templates: the built-in ones, with those of folder ("" = none) in
// the place of theirs. A template that cannot be read is a fault that names it.
func New(folder string) (*Press, error) {
	t, err := template.New("").Option("missingkey=zero").ParseFS(builtin, "templates/*.txt")
	if err != nil {
		return nil, fmt.Errorf("read notice templates: %w", err)
	}
	if folder != "" {
		own, err := fs.Glob(os.DirFS(folder), "*.txt")
		if err == nil && len(own) > 0 {
			t, err = t.ParseFS(os.DirFS(folder), "*.txt")
		}
		if err != nil {
			return nil, fmt.Errorf("read notice templates in %s: %w", folder, err)
		}
	}
	return &Press{t: t}, nil
}

// Check names every required part that is missing, as one Invalid error whose
// Args["parts"] lists them.
func Check(k Kind, v Values) error {
	if _, ok := parts[k]; !ok {
		return petition.Fail(petition.NotFound, "paper.kind", "kind", string(k))
	}
	var missing []string
	for _, p := range Required(k) {
		if strings.TrimSpace(v[p.Key]) == "" {
			missing = append(missing, p.Name)
		}
	}
	if len(missing) > 0 {
		return petition.Fail(petition.Invalid, "paper.missing", "parts", strings.Join(missing, "、"))
	}
	return nil
}

func (p *Press) lines(k Kind, v Values) ([]line, error) {
	if err := Check(k, v); err != nil {
		return nil, err
	}
	var b strings.Builder
	if err := p.t.ExecuteTemplate(&b, string(k)+".txt", shield(v)); err != nil {
		return nil, fmt.Errorf("fill notice %s: %w", k, err)
	}
	return parse(b.String()), nil
}
