# R's answers to the cases in `folder`, one line a figure: case, day, figure, value.
suppressPackageStartupMessages({library(survival); library(cmprsk)})
folder <- commandArgs(trailingOnly = TRUE)[1]
out <- list()
say <- function(case, day, figure, value) {
  out[[length(out) + 1]] <<- data.frame(case = case, day = day, figure = figure, value = value)
}
people <- read.csv(file.path(folder, "people.csv"), stringsAsFactors = FALSE)
for (case in unique(people$case)) {
  own <- people[people$case == case, ]
  fit <- survfit(Surv(day, outcome > 0) ~ 1, data = own, conf.type = "log-log")
  say(case, fit$time, "survival", 100 * fit$surv)
  say(case, fit$time, "survival_lower", 100 * fit$lower)
  say(case, fit$time, "survival_upper", 100 * fit$upper)
  states <- factor(own$outcome, 0:2, c("censored", "first", "second"))
  many <- survfit(Surv(own$day, states) ~ 1, conf.type = "log-log")
  say(case, many$time, "first", 100 * many$pstate[, 2])
  say(case, many$time, "first_lower", 100 * many$lower[, 2])
  say(case, many$time, "first_upper", 100 * many$upper[, 2])
  say(case, many$time, "second", 100 * many$pstate[, 3])
  if (any(own$outcome == 1)) {
    kinds <- cuminc(own$day, own$outcome)
    at <- sort(unique(own$day))
    found <- timepoints(kinds, at)
    say(case, at, "cmprsk_first", 100 * as.numeric(found$est["1 1", ]))
  }
}
shares <- read.csv(file.path(folder, "shares.csv"))
for (i in seq_len(nrow(shares))) {
  ends <- suppressWarnings(prop.test(shares$x[i], shares$n[i], correct = FALSE)$conf.int)
  case <- paste(shares$x[i], shares$n[i])
  say(case, 0, "wilson_lower", 100 * ends[1]); say(case, 0, "wilson_upper", 100 * ends[2])
}
model <- read.csv(file.path(folder, "model.csv"), stringsAsFactors = TRUE)
fit <- glm(y ~ age + sex, family = binomial, data = model)
say("case mix", seq_len(nrow(model)), "expected", as.numeric(fitted(fit)))
ranks <- rank(fitted(fit)); ones <- sum(model$y); others <- sum(1 - model$y)
say("case mix", 0, "c_statistic", (sum(ranks[model$y == 1]) - ones * (ones + 1) / 2) / (ones * others))
lists <- read.csv(file.path(folder, "lists.csv"))
pairs <- c("a:b", "a:c", "b:c")
for (case in unique(lists$case)) {
  own <- lists[lists$case == case, ]
  best <- NULL
  for (k in 0:7) {
    terms <- c("a", "b", "c", pairs[bitwAnd(k, c(1, 2, 4)) > 0])
    fit <- glm(reformulate(terms, "count"), family = poisson, data = own)
    if (is.null(best) || AIC(fit) < AIC(best) - 1e-9) best <- fit
  }
  say(case, 0, "estimate", sum(own$count) + exp(coef(best)[[1]]))
}
has_epitools <- requireNamespace("epitools", quietly = TRUE)
if (has_epitools) for (i in seq_len(nrow(shares))) {
  x <- shares$x[i]; case <- paste(x, shares$n[i])
  poisson <- epitools::pois.byar(x); exact <- epitools::pois.exact(x)
  say(case, 0, "byar_lower", poisson$lower); say(case, 0, "byar_upper", poisson$upper)
  say(case, 0, "exact_lower", exact$lower); say(case, 0, "exact_upper", exact$upper)
  wilson <- epitools::binom.wilson(x, shares$n[i])
  say(case, 0, "epitools_lower", 100 * wilson$lower); say(case, 0, "epitools_upper", 100 * wilson$upper)
}
write.csv(do.call(rbind, out), file.path(folder, "answers.csv"), row.names = FALSE)
cat(as.character(getRversion()), as.character(packageVersion("survival")),
    as.character(packageVersion("cmprsk")),
    if (has_epitools) as.character(packageVersion("epitools")) else "-")
