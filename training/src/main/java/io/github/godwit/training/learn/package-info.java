/** Learners on top of Weka, and how what they learned becomes flat arrays. */
package io.github.godwit.training.learn;
