module example.com/autoscaler-logic

go 1.19
