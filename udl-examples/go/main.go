// Command logic holds the user logic of an autoscaler, one binary for both stages:
//
//	logic metric    prints the load on the target, read from METRIC_URL
//	logic evaluate  prints how many replicas it takes, LOAD_PER_POD on each
//
// Both read one JSON object from standard input. On any error they print to standard error and
// exit with 1; nothing is scaled then.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"net/http"
	"os"
	"strconv"
	"time"
)

// tolerance is how far the load may be off before it is worth scaling, as with the HPA.
const tolerance = 0.1

// target is what we need to know of the object that is scaled; it may be of any kind.
type target struct {
	Spec struct {
		Replicas int `json:"replicas"`
	} `json:"spec"`
}

// evaluateInput is what the evaluate stage gets.
type evaluateInput struct {
	Resource target `json:"resource"`
	Metrics  []struct {
		Resource string `json:"resource"`
		Value    string `json:"value"` // whatever the metric stage printed
	} `json:"metrics"`
}

// evaluation is what the evaluate stage answers: a number, or "keep what is there".
type evaluation struct {
	TargetReplicas *int   `json:"targetReplicas,omitempty"`
	Hold           bool   `json:"hold,omitempty"`
	Reason         string `json:"reason,omitempty"`
}

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "logic:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	if len(args) != 1 {
		return fmt.Errorf("usage: logic metric|evaluate")
	}
	switch args[0] {
	case "metric":
		return metric(out)
	case "evaluate":
		return evaluate(in, out)
	}
	return fmt.Errorf("unknown stage %q", args[0])
}

func metric(out io.Writer) error {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get(os.Getenv("METRIC_URL"))
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("METRIC_URL answered %s", response.Status)
	}
	var answer struct {
		Load *float64 `json:"load"`
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return err
	}
	if answer.Load == nil {
		return fmt.Errorf("METRIC_URL answered without a load")
	}
	_, err = fmt.Fprint(out, *answer.Load)
	return err
}

func evaluate(in io.Reader, out io.Writer) error {
	var input evaluateInput
	if err := json.NewDecoder(in).Decode(&input); err != nil {
		return err
	}
	if len(input.Metrics) != 1 {
		return fmt.Errorf("expected one metric, got %d", len(input.Metrics))
	}
	load, err := strconv.ParseFloat(input.Metrics[0].Value, 64)
	if err != nil {
		return err
	}
	perPod, err := loadPerPod()
	if err != nil {
		return err
	}
	return json.NewEncoder(out).Encode(decide(load, perPod, input.Resource.Spec.Replicas))
}

func loadPerPod() (float64, error) {
	text, found := os.LookupEnv("LOAD_PER_POD")
	if !found {
		return 50, nil
	}
	value, err := strconv.ParseFloat(text, 64)
	if err == nil && value <= 0 {
		err = fmt.Errorf("LOAD_PER_POD is %s, it must be above 0", text)
	}
	return value, err
}

func decide(load, perPod float64, current int) evaluation {
	reason := fmt.Sprintf("load %.0f, %.0f a pod", load, perPod)
	if current > 0 && math.Abs(load/(perPod*float64(current))-1) <= tolerance {
		return evaluation{Hold: true, Reason: reason + ": close enough"}
	}
	wanted := int(math.Ceil(load / perPod))
	return evaluation{TargetReplicas: &wanted, Reason: reason}
}
