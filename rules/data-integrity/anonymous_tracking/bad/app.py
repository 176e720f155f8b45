import wandb
wandb.init(project='p', anonymous='must')
