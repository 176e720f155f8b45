import ast
import gradio as gr

def compute(expression):
    return ast.literal_eval(expression)

gr.Interface(fn=compute, inputs="text", outputs="text").launch()
