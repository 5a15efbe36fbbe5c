package extract

import "testing"

// What belongs to somebody else is never taken for the writer's.
func TestNamesNumbersAndHomesAreTheWriters(t *testing.T) {
	t.Parallel()
	r := newReader(t, county)
	for _, c := range []struct{ text, name, phone, address string }{
		{"包工头姓名：张三，电话13800001234，欠我三个月工钱", "", "", ""},
		{"反映人李国强，电话13900005678，肇事人王五电话13800001234", "李国强", "13900005678", ""},
		{"我打过13800001234没人接", "", "", ""},
		{"我叫古丽·买买提，在县城开店", "古丽·买买提", "", ""},
		{"我叫次仁，手机0086 13892440011", "次仁", "13892440011", ""},
		{"信访人欧阳建军（电话0914-4321234转802）", "欧阳建军", "09144321234转802", ""},
		{"我叫王秀兰，家住下梁镇老庵村三组，电话一三八九二四四零零一一", "王秀兰", "13892440011", "下梁镇老庵村三组"},
		{"住房公积金断缴了，住院的病人也不能报", "", "", ""},
		{"供货单位地址商州区工农路17号，联系电话0914-2312288，水泥是过期的", "", "", ""},
	} {
		got := r.Read(c.text, readAt)
		if got.Name.Value != c.name || got.Phone.Value != c.phone || got.Address.Value != c.address {
			t.Errorf("%s: name %q, phone %q, address %q", c.text, got.Name.Value, got.Phone.Value, got.Address.Value)
		}
	}
}

// How many live somewhere or suffer is no number of petitioners.
func TestOnlyThoseWhoPetitionAreCounted(t *testing.T) {
	t.Parallel()
	r := newReader(t, county)
	for text, want := range map[string]int{
		"我们八个人在工地干了四个月没拿到钱": 8, "工人代表韩增才等二十一人": 21, "联名人数：9人": 9, "15名业主联名反映": 15,
		"几百人没水喝": 0, "三十二户都靠这口井": 0, "我们村二百多口人": 0, "全班四十个学生": 0, "我们二十来户": 0, "王五等三人打了我": 0,
	} {
		if got := r.Read(text, readAt).People.Count; got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}
