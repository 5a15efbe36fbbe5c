package archive

import (
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"dengwen/petition"
)

// Schemas are the JSON Schemas (draft 2020-12) of a line of each file, made of the types themselves.
func Schemas() map[string][]byte {
	all := map[string][]byte{}
	for name, t := range map[string]reflect.Type{
		"manifest.schema.json": reflect.TypeFor[Manifest](), "case.schema.json": reflect.TypeFor[petition.Case](),
	} {
		s := schemaOf(t)
		s["$schema"], s["title"] = "https://json-schema.org/draft/2020-12/schema", strings.TrimSuffix(name, ".schema.json")
		text, err := json.MarshalIndent(s, "", "  ")
		if err != nil {
			panic(err) // maps of strings
		}
		all[name] = append(text, '\n')
	}
	return all
}

func schemaOf(t reflect.Type) map[string]any {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return map[string]any{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Pointer:
		return schemaOf(t.Elem())
	}
	switch t.Kind() {
	case reflect.String:
		return map[string]any{"type": "string"}
	case reflect.Bool:
		return map[string]any{"type": "boolean"}
	case reflect.Float64:
		return map[string]any{"type": "number"}
	case reflect.Slice:
		return map[string]any{"type": []string{"array", "null"}, "items": schemaOf(t.Elem())}
	case reflect.Map:
		return map[string]any{"type": "object", "additionalProperties": schemaOf(t.Elem())}
	case reflect.Struct:
		properties, needed := map[string]any{}, []string{}
		fields(t, properties, &needed)
		return map[string]any{"type": "object", "properties": properties, "required": needed, "additionalProperties": false}
	}
	return map[string]any{"type": "integer"}
}

// fields adds those of a struct, and of what is embedded in it.
func fields(t reflect.Type, properties map[string]any, needed *[]string) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && tag == "":
			fields(f.Type, properties, needed)
			continue
		case tag == "-" || !f.IsExported():
			continue
		case tag == "":
			tag = f.Name
		}
		s := schemaOf(f.Type)
		if doc := f.Tag.Get("doc"); doc != "" {
			s["description"] = doc
		}
		properties[tag] = s
		if !strings.Contains(options, "omit") {
			*needed = append(*needed, tag)
		}
	}
}
