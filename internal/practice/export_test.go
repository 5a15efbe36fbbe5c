package practice

// Keys are the sentences of the ten cases.
func Keys() ([]string, error) {
	tasks, err := readTasks()
	var keys []string
	for _, t := range tasks {
		keys = append(keys, "practice."+t.ID+".name")
		for _, a := range t.Asks {
			keys = append(keys, a.key+".why", a.key+".hint")
		}
	}
	return keys, err
}
