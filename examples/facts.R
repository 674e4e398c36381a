# The expenditure of an office in base R. First: yusuan convert FILE --facts -o facts.csv
facts <- read.csv("facts.csv", na.strings = "", colClasses = c(function. = "character"), encoding = "UTF-8")
own <- subset(facts, own == "true" & quoted == "false" & basis == "year" & flow == "expenditure" & measure == "amount")
total <- sum(subset(own, breakdown == "total")$amount)
classes <- subset(own, breakdown == "function" & function_depth == 1 & adds == "true")
by_class <- aggregate(amount ~ function. + function_name, classes, sum)
by_class$share <- by_class$amount / total
cat(sprintf("total %.2f\n", total))
cat(sprintf("%s %.2f %.3f\n", by_class$function., by_class$amount, by_class$share), sep = "")
stopifnot(abs(sum(by_class$amount) - total) < 0.01)
