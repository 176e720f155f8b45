from google.cloud import aiplatform
job = aiplatform.CustomJob(display_name='t', worker_pool_specs=[])
job.run(enable_web_access=True)
