import wandb
wandb.init(project='p')
