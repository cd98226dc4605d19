/** Learners on top of Weka, and the conversion of their models to flat arrays. */
package io.github.godwit.training.learn;
