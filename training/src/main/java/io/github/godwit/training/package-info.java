/** The program {@code godwit-train}, which trains and evaluates the models that predict migrations. */
package io.github.godwit.training;
