/** What choosing a technique by prediction is worth, against techniques that are fixed and against hindsight. */
package io.github.godwit.training.compare;
