"""Accepted rows become files to train on: splits, card, exports, rewards.

Nothing is imported here, so that a trainer's ``from kgsynth.datasets.rewards import
answer_reward`` loads in milliseconds.
"""
