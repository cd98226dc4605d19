/** The benefit of choosing a technique by prediction, compared with fixed techniques and with the measured optimum. */
package io.github.godwit.training.compare;
