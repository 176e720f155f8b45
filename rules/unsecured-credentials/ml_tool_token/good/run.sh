export WANDB_API_KEY=$(cat /run/secrets/wandb)
