/** What the service stores: audits, audit templates, action plans, actions and policies, with their states. */
package io.github.godwit.strategy.objects;
