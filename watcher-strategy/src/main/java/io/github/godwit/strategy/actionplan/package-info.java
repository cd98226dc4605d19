/** Action plans and their actions: what they are, their states, and how a plan is carried out. */
package io.github.godwit.strategy.actionplan;
